package io.csi4j.sidecars.registrar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.proto.registration.v1.InfoRequest;
import io.csi4j.proto.registration.v1.PluginInfo;
import io.csi4j.proto.registration.v1.RegistrationGrpc;
import io.csi4j.proto.registration.v1.RegistrationStatus;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Scenario 6: what kubelet's Go client writes and reads, byte by byte. */
class RegistrationWireTest {

  @Test
  void given_kubelets_bytes_then_they_mean_what_it_means() throws Exception {
    assertThat(RegistrationStatus.parseFrom(bytes("0801")))
        .isEqualTo(RegistrationStatus.newBuilder().setPluginRegistered(true).build());
    assertThat(RegistrationStatus.parseFrom(bytes("1204626f6f6d")))
        .isEqualTo(RegistrationStatus.newBuilder().setError("boom").build());
    assertThat(InfoRequest.parseFrom(new byte[0])).isEqualTo(InfoRequest.getDefaultInstance());
  }

  @Test
  void given_our_answer_then_its_bytes_are_those_of_the_contract() {
    var info =
        PluginInfo.newBuilder()
            .setType("CSIPlugin")
            .setName("x")
            .setEndpoint("/s")
            .addSupportedVersions("1.0.0")
            .build();

    assertThat(info.toByteArray())
        .isEqualTo("\n\tCSIPlugin\u0012\u0001x\u001a\u0002/s\"\u00051.0.0".getBytes(UTF_8));
  }

  @Test
  void given_the_methods_then_the_package_has_no_version() {
    assertThat(RegistrationGrpc.getGetInfoMethod().getFullMethodName())
        .isEqualTo("pluginregistration.Registration/GetInfo");
    assertThat(RegistrationGrpc.getNotifyRegistrationStatusMethod().getFullMethodName())
        .isEqualTo("pluginregistration.Registration/NotifyRegistrationStatus");
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
