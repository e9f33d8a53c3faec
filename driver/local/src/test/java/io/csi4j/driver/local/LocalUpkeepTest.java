package io.csi4j.driver.local;

import static io.csi4j.driver.local.Capabilities.ext4;
import static io.csi4j.driver.local.CsiClient.code;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.grpc.Status;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a volume and its pool are asked for besides data: tuning, health, room. */
@Timeout(300)
class LocalUpkeepTest {
  private static final long MIB = 1L << 20;

  @RegisterExtension private final DriverOnPool at = DriverOnPool.ofAnyKind();

  private final CsiClient client = at.client();
  private final Path staging = at.staging();

  @ParameterizedTest
  @ValueSource(strings = {"dir"})
  void given_mutable_parameters_then_they_act_on_the_device(String kind) throws Exception {
    at.start(kind);
    var id = client.create("v1", 16 * MIB, ext4()).getVolumeId();
    client.stage(id, staging, ext4());
    var queue = queue(staging);

    assertThat(queue.resolveSibling("loop/dio")).hasContent("1");
    client.modify(id, Map.of("readAheadKiB", "512", "directIo", "off"));

    assertThat(queue.resolve("read_ahead_kb")).hasContent("512");
    assertThat(queue.resolveSibling("loop/dio")).hasContent("0");
    assertThat(code(() -> client.modify(id, Map.of("readAheadKiB", "64", "colour", "red"))))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(queue.resolve("read_ahead_kb")).as("all or nothing").hasContent("512");
    client.unstage(id, staging);
    client.stage(id, staging, ext4());
    assertThat(queue(staging).resolve("read_ahead_kb")).hasContent("512");
    assertThat(queue(staging).resolveSibling("loop/dio")).hasContent("0");
    client.modify(id, Map.of("directIo", "on"));
    assertThat(queue(staging).resolveSibling("loop/dio")).hasContent("1");
    assertThat(queue(staging).resolve("read_ahead_kb")).as("other keys stay").hasContent("512");
    client.unstage(id, staging);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dir"})
  void given_an_image_that_is_gone_or_short_then_the_volume_is_not_well(String kind)
      throws Exception {
    at.start(kind);
    var id = client.create("v1", 16 * MIB, ext4()).getVolumeId();
    assertThat(client.health(id)).isEmpty();
    var image = at.state("volumes").resolve(id).resolve("image");

    try (var file = FileChannel.open(image, StandardOpenOption.WRITE)) {
      file.truncate(MIB);
    }
    assertThat(client.health(id).getFirst().getReason()).isEqualTo("ImageTooShort");
    Files.delete(image);
    assertThat(client.health(id).getFirst().getReason()).isEqualTo("ImageMissing");
    assertThat(code(() -> client.health("no-such"))).isEqualTo(Status.Code.NOT_FOUND);
  }

  /** driver.md 4.7: room falls with every volume, and what there is none for is refused. */
  @ParameterizedTest
  @ValueSource(strings = {"xfs"})
  void given_a_pool_when_it_fills_then_capacity_falls_and_too_much_is_refused(String kind)
      throws Exception {
    at.start(kind);
    var thick = Map.of("allocation", "thick");
    var before = client.capacity(thick).getAvailableCapacity();
    var thinBefore = client.capacity(Map.of()).getAvailableCapacity();

    var thickId = client.create(thick("v1", 512 * MIB)).getVolumeId();
    var thinId = client.create("v2", 256 * MIB, ext4()).getVolumeId();

    assertThat(before - client.capacity(thick).getAvailableCapacity())
        .isBetween(512 * MIB, 600 * MIB);
    assertThat(thinBefore - client.capacity(Map.of()).getAvailableCapacity()).isEqualTo(256 * MIB);
    assertThat(code(() -> client.create(thick("v3", 8192 * MIB))))
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(code(() -> client.create("v4", 100L << 30, ext4())))
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    // Number 10 of driver.md 13.4: growth sells nothing that is not there, either.
    assertThat(code(() -> client.expand(thickId, 8192 * MIB, 0)))
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(code(() -> client.expand(thinId, 100L << 30, 0)))
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(thinBefore - client.capacity(Map.of()).getAvailableCapacity()).isEqualTo(256 * MIB);
    assertThat(code(() -> client.capacity(Map.of("colour", "red"))))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  private static CreateVolumeRequest thick(String name, long bytes) {
    var request =
        CreateVolumeRequest.newBuilder()
            .setName(name)
            .addVolumeCapabilities(ext4())
            .putParameters("allocation", "thick");
    request.getCapacityRangeBuilder().setRequiredBytes(bytes);
    return request.build();
  }

  private static Path queue(Path mounted) throws Exception {
    var device = RealPool.run("findmnt", "-n", "-o", "SOURCE", mounted.toString()).strip();
    return Path.of("/sys/block").resolve(Path.of(device).getFileName()).resolve("queue");
  }
}
