package io.csi4j.sidecars.kit.csi;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.UnknownFieldSet;
import io.csi4j.proto.csi.v1.CapacityRange;
import io.csi4j.proto.csi.v1.ControllerGetCapabilitiesResponse;
import io.csi4j.proto.csi.v1.ControllerServiceCapability;
import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.proto.csi.v1.NodePublishVolumeRequest;
import io.csi4j.proto.csi.v1.ProbeRequest;
import io.csi4j.proto.csi.v1.VolumeCapability;
import org.junit.jupiter.api.Test;

/** Scenarios of common.md B18 on what may be logged. */
class RedactedTest {
  private static final CreateVolumeRequest REQUEST =
      CreateVolumeRequest.newBuilder()
          .setName("foo")
          .setCapacityRange(CapacityRange.newBuilder().setRequiredBytes(1024))
          .putParameters("b", "2")
          .putParameters("a", "\"1\"")
          .putSecrets("password", "hunter2")
          .addVolumeCapabilities(
              VolumeCapability.newBuilder()
                  .setMount(VolumeCapability.MountVolume.newBuilder().setFsType("ext4"))
                  .setAccessMode(
                      VolumeCapability.AccessMode.newBuilder()
                          .setMode(VolumeCapability.AccessMode.Mode.MULTI_NODE_MULTI_WRITER)))
          .build();

  /** B18 22. */
  @Test
  void given_a_request_with_secrets_then_one_line_without_them() {
    assertThat(Redacted.of(REQUEST))
        .hasToString(
            "{\"capacity_range\":{\"required_bytes\":1024},\"name\":\"foo\","
                + "\"parameters\":{\"a\":\"\\\"1\\\"\",\"b\":\"2\"},\"secrets\":\"***stripped***\","
                + "\"volume_capabilities\":[{\"access_mode\":{\"mode\":\"MULTI_NODE_MULTI_WRITER\"},"
                + "\"mount\":{\"fs_type\":\"ext4\"}}]}");
    assertThat(REQUEST.getSecretsMap()).containsEntry("password", "hunter2");
  }

  /** B18 23. */
  @Test
  void given_empty_messages_then_braces() {
    assertThat(Redacted.of(ProbeRequest.getDefaultInstance())).hasToString("{}");
    assertThat(
            Redacted.of(
                VolumeCapability.newBuilder()
                    .setBlock(VolumeCapability.BlockVolume.getDefaultInstance())
                    .build()))
        .hasToString("{\"block\":{}}");
  }

  /** B18 24. */
  @Test
  void given_every_kind_of_request_with_secrets_then_none_shows_them() {
    var publish =
        NodePublishVolumeRequest.newBuilder()
            .putSecrets("token", "hunter2")
            .putVolumeContext("shown", "yes")
            .build();

    assertThat(Redacted.of(publish).toString())
        .doesNotContain("hunter2")
        .doesNotContain("token")
        .contains("\"shown\":\"yes\"");
  }

  /** B18 25. */
  @Test
  void given_fields_of_a_newer_specification_then_they_are_not_shown() {
    var newer =
        REQUEST.toBuilder()
            .setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .addField(
                        9999,
                        UnknownFieldSet.Field.newBuilder()
                            .addLengthDelimited(
                                com.google.protobuf.ByteString.copyFromUtf8("hunter3"))
                            .build())
                    .build())
            .build();

    assertThat(Redacted.of(newer).toString()).doesNotContain("hunter3").doesNotContain("9999");
  }

  /** B18 26. */
  @Test
  void given_a_number_without_a_name_then_the_number_is_shown() {
    var reply =
        ControllerGetCapabilitiesResponse.newBuilder()
            .addCapabilities(
                ControllerServiceCapability.newBuilder()
                    .setRpc(ControllerServiceCapability.RPC.newBuilder().setTypeValue(12345)))
            .build();

    assertThat(Redacted.of(reply)).hasToString("{\"capabilities\":[{\"rpc\":{\"type\":12345}}]}");
  }

  /** B18 27. */
  @Test
  void given_scalars_then_json_scalars() {
    assertThat(Redacted.of(null)).hasToString("null");
    assertThat(Redacted.of(1)).hasToString("1");
    assertThat(Redacted.of("s")).hasToString("\"s\"");
    assertThat(Redacted.of(true)).hasToString("true");
  }

  /** B18 30. */
  @Test
  void given_a_limit_then_a_long_line_is_cut_and_says_so() {
    assertThat(Redacted.of(REQUEST).toString(10))
        .isEqualTo("{\"capacity [response body too large, log capped to 10 chars]");
    assertThat(Redacted.of(REQUEST).toString(0)).endsWith("}");
  }

  @Test
  void given_the_field_that_is_called_otherwise_in_our_files_then_its_real_name_is_shown() {
    var request = CreateVolumeRequest.newBuilder().putParametersMutable("iops", "9").build();

    assertThat(Redacted.of(request)).hasToString("{\"mutable_parameters\":{\"iops\":\"9\"}}");
  }
}
