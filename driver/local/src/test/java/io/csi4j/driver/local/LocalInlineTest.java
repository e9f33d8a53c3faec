package io.csi4j.driver.local;

import static io.csi4j.driver.local.Capabilities.block;
import static io.csi4j.driver.local.Capabilities.ext4;
import static io.csi4j.driver.local.CsiClient.code;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Volumes that are written into a pod; driver.md 11. */
@Timeout(120)
class LocalInlineTest {
  private static final String ID = "csi-" + "0123456789abcdef".repeat(4);

  @TempDir private Path folder;
  private RealDevices machine;
  private LocalDriver driver;
  private CsiClient client;
  private Path target;

  @BeforeEach
  void start() throws Exception {
    RealDevices.assumePossible();
    folder = folder.toRealPath();
    machine = RealDevices.below(folder);
    target = folder.resolve("target");
    restart();
  }

  @AfterEach
  void stop() {
    if (driver != null) {
      client.close();
      driver.close();
      machine.close();
    }
  }

  @Test
  void given_a_pod_with_its_own_volume_when_it_ends_then_nothing_is_left() throws Exception {
    client.publishInline(ID, target, ext4(), Map.of("size", "32Mi"));

    Files.writeString(target.resolve("file"), "content");
    assertThat(Files.getFileStore(target).getTotalSpace()).isBetween(20L << 20, 32L << 20);
    client.publishInline(ID, target, ext4(), Map.of("size", "32Mi"));
    assertThat(target.resolve("file")).as("the same call again").hasContent("content");
    assertThat(client.statistics(ID, target).getUsageCount()).isEqualTo(2);

    client.unpublish(ID, target);
    client.unpublish(ID, target);

    assertThat(target).doesNotExist();
    assertNothingLeft();
  }

  @Test
  void given_a_pods_own_volume_then_controllers_do_not_see_it() {
    client.publishInline(ID, target, ext4(), Map.of());

    assertThat(client.volumes(0, "").getEntriesCount()).isZero();
    assertThat(code(() -> client.snapshots().create("s1", ID))).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(code(() -> client.createFromVolume("v1", 200L << 20, ext4(), ID)))
        .isEqualTo(Status.Code.NOT_FOUND);
    client.delete(ID);
    assertThat(target).as("deleting what a controller cannot know").isNotEmptyDirectory();

    client.unpublish(ID, target);
    assertNothingLeft();
  }

  /** Number 5 of driver.md 13.4, too; and there may be no second call after a failure. */
  @Test
  void given_a_wish_that_cannot_be_then_it_is_refused_and_nothing_is_left() {
    refused(ID, Map.of("size", "much"));
    refused(ID, Map.of("size", "-1"));
    refused(ID, Map.of("size", "999999999999Ti"));
    refused(ID, Map.of("hostPath", "/etc"));
    refused(ID, Map.of("fsType", "ntfs"));
    refused("../../etc", Map.of());
    refused(".hidden", Map.of());
    assertThat(code(() -> client.publishInline(ID, target, block(), Map.of())))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    // ext4 knows no such option, so the mount fails when all else is made.
    assertThat(code(() -> client.publishInline(ID, target, ext4("nonsense"), Map.of())))
        .isNotEqualTo(Status.Code.OK);

    assertThat(target).doesNotExist();
    assertNothingLeft();
  }

  @Test
  void given_a_restart_of_the_node_then_the_pod_finds_its_volume() throws Exception {
    client.publishInline(ID, target, ext4(), Map.of());
    Files.writeString(target.resolve("file"), "content");
    client.close();
    driver.close();
    machine.loseAll();

    restart();
    client.publishInline(ID, target, ext4(), Map.of());

    assertThat(target.resolve("file")).hasContent("content");
    client.unpublish(ID, target);
    assertNothingLeft();
  }

  @Test
  void given_it_is_turned_off_then_it_is_refused() throws Exception {
    client.close();
    driver.close();
    driver = LocalDriver.start(DriverProcess.options(folder).withFeatures(Set.of()));
    client = new CsiClient(folder.resolve("csi.sock"));

    refused(ID, Map.of());
  }

  private void refused(String id, Map<String, String> attributes) {
    assertThat(code(() -> client.publishInline(id, target, ext4(), attributes)))
        .as("%s %s", id, attributes)
        .isIn(Status.Code.INVALID_ARGUMENT);
    assertThat(target).doesNotExist();
  }

  private void restart() throws Exception {
    driver = LocalDriver.start(DriverProcess.options(folder));
    client = new CsiClient(folder.resolve("csi.sock"));
  }

  private void assertNothingLeft() {
    machine.assertNothingLeft();
    assertThat(folder.resolve("state/volumes")).isEmptyDirectory();
    assertThat(folder.resolve("state/inline"))
        .satisfiesAnyOf(
            place -> assertThat(place).doesNotExist(),
            place -> assertThat(place).isEmptyDirectory());
  }
}
