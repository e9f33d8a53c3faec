package io.csi4j.driver.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacesTest {

  @ParameterizedTest
  @CsvSource({
    "local.csi4j.io, local.csi4j.io",
    "hostpath.csi.k8s.io, hostpath.csi",
    "disk.csi.kubernetes.io, disk.csi",
    "k8s.io.example.com, k8s.io.example.com",
    "notk8s.io, notk8s.io",
    "disk.xk8s.io, disk.xk8s.io"
  })
  void given_a_name_in_a_domain_of_kubernetes_then_the_place_is_called_without_it(
      String driverName, String domain) {
    assertThat(Places.domain(driverName)).isEqualTo(domain);
  }
}
