package io.csi4j.sidecars.kit.lease;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Provisioner 26.P7: a Go replica must mean the same lease. */
class LeaseNameTest {

  @ParameterizedTest
  @CsvSource({
    "hostpath.csi.k8s.io, hostpath-csi-k8s-io",
    "example.com/disk, example-com-disk",
    "disk-, disk-X",
    "disk., disk-X",
    "Disk_1, Disk-1"
  })
  void given_a_driver_name_then_the_lease_is_called_as_by_the_go_tools(String name, String lease) {
    assertThat(LeaseName.sanitized(name)).isEqualTo(lease);
  }
}
