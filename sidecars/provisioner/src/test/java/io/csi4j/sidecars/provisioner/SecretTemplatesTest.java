package io.csi4j.sidecars.provisioner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.provisioner.SecretTemplates.Purpose;
import io.csi4j.sidecars.provisioner.SecretTemplates.Subject;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** provisioner 7.1. */
class SecretTemplatesTest {
  private static final String NAME = "csi.storage.k8s.io/provisioner-secret-name";
  private static final String NAMESPACE = "csi.storage.k8s.io/provisioner-secret-namespace";
  private static final Subject SUBJECT =
      new Subject("pvc-1", new ObjectKey("shop", "data"), Map.of("team", "blue"));

  /** 26.R11. */
  @ParameterizedTest
  @CsvSource({
    "csi.storage.k8s.io/provisioner-secret-name=a",
    "csi.storage.k8s.io/provisioner-secret-namespace=a",
    "csi.storage.k8s.io/provisioner-secret-name=;csi.storage.k8s.io/provisioner-secret-namespace=a",
    "csi.storage.k8s.io/provisioner-secret-name=a;csi.storage.k8s.io/provisioner-secret-namespace=",
    "csi.storage.k8s.io/provisioner-secret-name=a;csi.storage.k8s.io/provisioner-secret-namespace=b;csiProvisionerSecretName=a",
    "csiProvisionerSecretName=a",
    "csi.storage.k8s.io/secret-name=a",
  })
  void given_half_a_pair_or_one_too_many_then_it_is_an_error(String parameters) {
    assertThatThrownBy(() -> resolve(Purpose.PROVISIONER, map(parameters)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** 26.R12. */
  @ParameterizedTest
  @EnumSource(Purpose.class)
  void given_a_default_then_it_is_for_all_and_a_specific_one_wins(Purpose purpose) {
    var both = "csi.storage.k8s.io/secret-name=all;csi.storage.k8s.io/secret-namespace=vault";
    var own = "csi.storage.k8s.io/" + purpose.word();

    assertThat(resolve(purpose, map(both))).isEqualTo(new ObjectKey("vault", "all"));
    assertThat(
            resolve(
                purpose, map(both + ";" + own + "-secret-name=x;" + own + "-secret-namespace=y")))
        .isEqualTo(new ObjectKey("y", "x"));
    assertThat(resolve(purpose, Map.of())).isNull();
  }

  @Test
  void given_the_old_keys_then_they_count() {
    assertThat(
            resolve(
                Purpose.NODE_STAGE, map("csiNodeStageSecretName=a;csiNodeStageSecretNamespace=b")))
        .isEqualTo(new ObjectKey("b", "a"));
  }

  /** 26.R13. */
  @Test
  void given_templates_then_a_name_may_use_the_claim_and_a_namespace_may_not() {
    assertThat(
            resolve(
                Purpose.PROVISIONER,
                Map.of(
                    NAME,
                    "${pv.name}.${pvc.namespace}.$word$.${pvc.name}-${pvc.annotations['team']}"
                        .replace("$word$.", ""),
                    NAMESPACE,
                    "${pvc.namespace}")))
        .isEqualTo(new ObjectKey("shop", "pvc-1.shop.data-blue"));
    refuses(Map.of(NAME, "a", NAMESPACE, "${pvc.name}"), "[\"pvc.name\"]");
    refuses(Map.of(NAME, "${foo}-$bar", NAMESPACE, "b"), "${foo}-$bar", "[\"foo\" \"bar\"]");
    refuses(Map.of(NAME, "${pvc.annotations['gone']}", NAMESPACE, "b"), "gone");
  }

  /** 26.R14. */
  @Test
  void given_a_result_that_is_no_name_then_template_and_result_are_shown() {
    refuses(Map.of(NAME, "${pvc.name}_x", NAMESPACE, "b"), "${pvc.name}_x", "data_x");
    refuses(Map.of(NAME, "a", NAMESPACE, "b.c"), "\"b.c\"");
  }

  private static void refuses(Map<String, String> parameters, String... shown) {
    assertThatThrownBy(() -> resolve(Purpose.PROVISIONER, parameters))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(shown);
  }

  private static @Nullable ObjectKey resolve(Purpose purpose, Map<String, String> parameters) {
    return new SecretTemplates(parameters).resolve(purpose, SUBJECT);
  }

  private static Map<String, String> map(String pairs) {
    var map = new java.util.TreeMap<String, String>();
    for (var pair : pairs.split(";", -1)) {
      map.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
    }
    return map;
  }
}
