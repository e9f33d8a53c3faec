package io.csi4j.sidecars.attacher;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.sidecars.kit.csi.AccessModes.Dialect;
import io.csi4j.sidecars.kit.csi.DriverIdentity;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DriverTraitsTest {

  /** Scenarios 88 and 89: both end in the trivial attacher. */
  @Test
  void given_a_driver_that_cannot_publish_then_that_is_known() {
    assertThat(traits().publishes()).isFalse();
    assertThat(traits(RPC.Type.LIST_VOLUMES_VALUE).publishes()).isFalse();
  }

  @Test
  void given_a_drivers_capabilities_then_those_of_interest_are_known() {
    var all =
        traits(
            RPC.Type.PUBLISH_UNPUBLISH_VOLUME_VALUE,
            RPC.Type.PUBLISH_READONLY_VALUE,
            RPC.Type.SINGLE_NODE_MULTI_WRITER_VALUE);

    assertThat(all)
        .isEqualTo(
            new DriverTraits(
                new AttacherNames("csi/test"),
                true,
                true,
                false,
                Dialect.SINGLE_NODE_MULTI_WRITER));
    assertThat(traits(RPC.Type.PUBLISH_UNPUBLISH_VOLUME_VALUE).dialect())
        .isEqualTo(Dialect.CLASSIC);
  }

  private static DriverTraits traits(Integer... controller) {
    return DriverTraits.of(new DriverIdentity("csi/test", Set.of(), Set.of(controller)));
  }
}
