package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.csi4j.e2e.simulator.CrashAt;
import io.csi4j.sidecars.kit.cluster.Volume;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * B-23 tells of a volume and lets it go, and may die before and after each of the two: in the end
 * the volume is gone, and what is left tells of it once.
 */
class NodeLossCrashTest {
  private static final Duration LIFE = ofSeconds(60);
  private static final String TOLD = "create events default/uid-1.let-go";
  private static final String LET_GO = "patch persistentvolumes pv-1";

  @ParameterizedTest(name = "moment {0}")
  @MethodSource("moments")
  void given_a_crash_at_any_moment_then_the_volume_goes_once_and_one_event_tells_of_it(int moment) {
    var stage = stage();
    var first = new CrashAt(moment);
    assertThat(stage.life(first).live(LIFE)).as("lived through %s", first.history()).isFalse();

    var second = CrashAt.never();
    stage.life(second).live(LIFE);

    assertThat(stage.cluster.has(Volume.KIND, LostVolume.KEY)).isFalse();
    assertThat(Stream.of(first, second).flatMap(life -> life.history().stream()))
        .containsOnlyOnce("after " + LET_GO);
    assertThat(told(stage))
        .singleElement()
        .extracting(event -> event.path("message").asText())
        .asString()
        .contains("no node is left", "it is let go without being deleted by the driver");
  }

  /** Who is told only afterwards, may never be: then a volume is gone and nothing says why. */
  @Test
  void given_no_crash_then_the_volume_is_told_of_before_it_goes() {
    assertThat(history()).containsSubsequence("after " + TOLD, "before " + LET_GO);
  }

  /** As many as a life without a crash has. */
  static IntStream moments() {
    return IntStream.range(0, history().size());
  }

  private static List<String> history() {
    var never = CrashAt.never();
    stage().life(never).live(LIFE);
    return never.history();
  }

  private static List<? extends JsonNode> told(Stage stage) {
    return stage.cluster.all(ToldEvent.KIND).stream()
        .filter(event -> event.path("reason").asText().equals("VolumeNodeLost"))
        .toList();
  }

  private static Stage stage() {
    var stage = new Stage().topology().writesEvents();
    stage.flags("--node-loss-after=10s", "--node-loss-release-finalizer");
    stage.driverDoor(
        door -> {
          var driver = new TunedDriver(door);
          driver.refusesDeletes = true;
          return driver;
        });
    stage.node("n2", Map.of("node", "n2"), "node");
    stage.cluster.put(Volume.KIND, LostVolume.on("n1", "Released"));
    stage.cluster.delete(Volume.KIND, LostVolume.KEY);
    return stage;
  }
}
