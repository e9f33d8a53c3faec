package io.csi4j.e2e.sandbox.actors.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.sandbox.actors.view.Claim;
import io.csi4j.e2e.sandbox.json.Json;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuotaMeterTest {

  private static Claim claim(String requested, String status) {
    return new Claim(
        Json.parseObject(
            "{\"spec\":{\"storageClassName\":\"gold\",\"volumeAttributesClassName\":\"new\",\"resources\":{\"requests\":{\"storage\":\"%s\"}}},\"status\":%s}"
                .formatted(requested, status)));
  }

  /** Cluster scenario 60. */
  @Test
  void given_a_size_that_was_lowered_then_quota_is_free_only_when_the_allocation_follows() {
    var before = claim("1", "{\"allocatedResources\":{\"storage\":\"5\"}}");
    var after = claim("1", "{\"allocatedResources\":{\"storage\":\"1\"}}");

    assertThat(QuotaMeter.used(List.of(before)))
        .containsEntry("requests.storage", BigDecimal.valueOf(5))
        .containsEntry("gold.storageclass.storage.k8s.io/requests.storage", BigDecimal.valueOf(5))
        .containsEntry("persistentvolumeclaims", BigDecimal.ONE);
    assertThat(QuotaMeter.used(List.of(after))).containsEntry("requests.storage", BigDecimal.ONE);
  }

  /** Cluster scenario 62. */
  @Test
  void given_a_target_that_is_kept_then_the_claim_counts_for_it() {
    var claim =
        claim(
            "1",
            "{\"currentVolumeAttributesClassName\":\"old\",\"modifyVolumeStatus\":{\"targetVolumeAttributesClassName\":\"tried\",\"status\":\"Pending\"}}");

    assertThat(QuotaMeter.inScope(claim, "new")).isTrue();
    assertThat(QuotaMeter.inScope(claim, "old")).isTrue();
    assertThat(QuotaMeter.inScope(claim, "tried")).isTrue();
    assertThat(QuotaMeter.inScope(claim, "other")).isFalse();
  }
}
