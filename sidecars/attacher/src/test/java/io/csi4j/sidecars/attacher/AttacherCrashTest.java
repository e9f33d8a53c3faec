package io.csi4j.sidecars.attacher;

import static io.csi4j.sidecars.attacher.World.OURS;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.simulator.CrashAt;
import io.csi4j.e2e.simulator.Effects;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Scenarios 96, 97 and 98, and all other moments: before and after each effect. */
class AttacherCrashTest {
  private final World world = unheldWorld();

  /** In the end all is attached, as if nothing had happened. */
  @ParameterizedTest(name = "moment {0}")
  @MethodSource("momentsOfAttaching")
  void given_a_crash_while_attaching_then_the_next_life_ends_attached(int moment) {
    var crash = new CrashAt(moment);
    world.attachmentAppears();
    var lived = world.life(World.PUBLISHES, crash).live(ofSeconds(1));
    assertThat(lived).as("%s", crash.history()).isFalse();
    assertNothingIsForgotten();

    world.life(World.PUBLISHES, Effects.QUIET).live(ofSeconds(5));

    assertThat(world.attached()).isTrue();
    assertThat(world.finalizersOfAttachment()).containsExactly(OURS);
    assertThat(world.finalizersOfVolume()).containsExactly(OURS);
    assertThat(world.driver.attached()).containsExactly("handle1@nodeID1");
  }

  /** In the end nothing is left, wherever in its whole life it died. */
  @ParameterizedTest(name = "moment {0}")
  @MethodSource("momentsOfAll")
  void given_a_crash_at_any_moment_then_the_next_life_leaves_nothing(int moment) {
    var crash = new CrashAt(moment);
    assertThat(story(world, crash)).as("%s", crash.history()).isFalse();
    assertNothingIsForgotten();

    var next = world.life(World.PUBLISHES, Effects.QUIET);
    next.live(ofSeconds(5));
    world.attachmentIsDeleted();
    next.live(ofSeconds(5));
    world.volumeIsDeleted();
    next.live(ofSeconds(5));

    assertThat(world.driver.attached()).isEmpty();
    assertThat(world.hasAttachment()).isFalse();
    assertThat(world.hasVolume()).isFalse();
  }

  /** Invariant I1 of attacher.md 9: what may be attached is held, and so is the way to undo it. */
  private void assertNothingIsForgotten() {
    if (!world.driver.attached().isEmpty()) {
      assertThat(world.finalizersOfAttachment()).contains(OURS);
      assertThat(world.finalizersOfVolume()).contains(OURS);
      assertThat(world.attachment("/metadata/annotations").toString()).contains("nodeID1");
    }
  }

  static IntStream momentsOfAttaching() {
    var never = CrashAt.never();
    var world = unheldWorld();
    world.attachmentAppears();
    world.life(World.PUBLISHES, never).live(ofSeconds(1));
    return IntStream.range(0, never.history().size());
  }

  /** As many as a life without a crash has; the test fails where there are more or fewer. */
  static IntStream momentsOfAll() {
    var never = CrashAt.never();
    story(unheldWorld(), never);
    return IntStream.range(0, never.history().size());
  }

  /** Attach, detach, delete; whether the attacher has lived to see the end. */
  private static boolean story(World world, CrashAt crash) {
    var life = world.life(World.PUBLISHES, crash);
    for (var act :
        List.<Runnable>of(
            world::attachmentAppears, world::attachmentIsDeleted, world::volumeIsDeleted)) {
      act.run();
      if (!life.live(ofSeconds(1))) {
        return false;
      }
    }
    return true;
  }

  private static World unheldWorld() {
    var world = new World();
    world.volumeVanishes();
    world.volumeAppears();
    return world;
  }
}
