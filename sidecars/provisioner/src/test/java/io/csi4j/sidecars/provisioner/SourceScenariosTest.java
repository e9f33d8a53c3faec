package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenarios C of provisioner 26: what a volume may be filled from at all. */
class SourceScenariosTest {
  private final SourceStage at = new SourceStage();

  /** C7. */
  @Test
  void given_a_source_of_another_kind_then_it_is_left_to_a_populator() {
    at.claimFrom("data", "example.com", "Foo", "x");
    var life = at.stage.life();

    life.live(ofMinutes(20));

    assertThat(at.driver.creates).isEmpty();
    assertThat(life.reasons()).containsExactly("Provisioning");
    assertThat(life.events().getFirst().message()).contains("external populator");
  }

  /** C7. */
  @ParameterizedTest
  @CsvSource({"example.com, x, does not belong", "snapshot.storage.k8s.io, '', not found"})
  void given_a_snapshot_of_a_foreign_group_or_without_a_name_then_it_is_an_error(
      String group, String name, String reason) {
    at.claimFrom("data", group, "VolumeSnapshot", name);

    at.plays(false, reason);
  }

  /** C12. */
  @ParameterizedTest
  @CsvSource({"CLONE_VOLUME, clone operations", "CREATE_DELETE_SNAPSHOT, snapshot restore"})
  void given_a_driver_that_cannot_then_it_is_said(RPC.Type missing, String reason) {
    at.stage.cannot(missing);
    if (missing == RPC.Type.CLONE_VOLUME) {
      at.source(_ -> {}, _ -> {});
      at.clone("data", _ -> {});
    } else {
      at.snapshot(_ -> {}, _ -> {});
      at.restore("data", "1Gi");
    }

    at.plays(false, reason);
  }

  /** C13. */
  @ParameterizedTest
  @CsvSource({
    "off, none, false",
    "on, none, false",
    "on, nameless, true",
    "on, empty, true",
    "on, right, true"
  })
  void given_a_source_elsewhere_then_its_owner_must_have_allowed_it(
      String gate, String grant, boolean works) {
    at.snapshot(_ -> {}, _ -> {});
    if (!grant.equals("none")) {
      at.grant(
          "ns",
          object -> {
            var to = (ObjectNode) object.at("/spec/to/0");
            switch (grant) {
              case "empty" -> to.put("name", "");
              case "right" -> to.put("name", "photo");
              default -> {}
            }
          });
    }
    at.elsewhere("data");
    if (gate.equals("on")) {
      at.stage.flags("--feature-gates=CrossNamespaceVolumeDataSource=true");
    }

    at.plays(works, gate.equals("off") ? "feature is disabled" : "isn't allowed");
  }

  /** C14. */
  @ParameterizedTest
  @CsvSource({
    "own namespace",
    "from group",
    "from kind",
    "from namespace",
    "to group",
    "to kind",
    "to name",
    "empty lists"
  })
  void given_a_grant_that_is_for_others_then_it_does_not_count(String wrong) {
    at.snapshot(_ -> {}, _ -> {});
    at.grant(
        wrong.equals("own namespace") ? "shop" : "ns",
        object -> {
          var spec = object.withObject("/spec");
          switch (wrong) {
            case "own namespace" -> {}
            case "empty lists" -> {
              spec.putArray("from");
              spec.putArray("to");
            }
            default -> {
              var words = wrong.split(" ", -1);
              ((ObjectNode) spec.at("/" + words[0] + "/0")).put(words[1], "other");
            }
          }
        });
    at.elsewhere("data");
    at.stage.flags("--feature-gates=CrossNamespaceVolumeDataSource=true");

    at.plays(false, "isn't allowed");
  }

  /** C15. */
  @ParameterizedTest
  @ValueSource(strings = {"absent", "", "ns"})
  void given_a_reference_to_the_own_namespace_then_no_grant_is_needed(String namespace) {
    at.snapshot(_ -> {}, _ -> {});
    at.stage.claim(
        "data",
        claim -> {
          var reference = claim.withObject("/spec/dataSourceRef");
          reference
              .put("apiGroup", Names.SNAPSHOT_GROUP)
              .put("kind", "VolumeSnapshot")
              .put("name", "photo");
          if (!namespace.equals("absent")) {
            reference.put("namespace", namespace);
          }
        });
    at.stage.flags("--feature-gates=CrossNamespaceVolumeDataSource=true");

    at.plays(true, "");
  }
}
