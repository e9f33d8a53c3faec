package io.csi4j.driver.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.driver.spi.AccessMode;
import io.csi4j.driver.spi.AccessType;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.CapacityRange;
import io.csi4j.driver.spi.ContentSource;
import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.Secrets;
import io.csi4j.driver.spi.TopologyRequirement;
import io.csi4j.driver.spi.Volume;
import io.csi4j.driver.spi.VolumeCapability;
import io.csi4j.driver.spi.VolumeSpec;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the walk-through promises; csi-sanity looks at the rest. */
class MapDriverTest {
  private static final long GIB = 1L << 30;
  private final MapDriver driver = new MapDriver();

  @Test
  void given_the_same_name_then_it_is_the_same_volume_or_none() {
    var first = driver.create(spec("v1", new CapacityRange(GIB, GIB)));

    assertThat(driver.create(spec("v1", new CapacityRange(GIB, GIB)))).isEqualTo(first);
    assertThat(driver.create(spec("v1", new CapacityRange(2 * GIB, 2 * GIB))))
        .isInstanceOfSatisfying(
            Answer.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(Reason.ALREADY_EXISTS));
  }

  @Test
  void given_volumes_when_listed_behind_one_that_is_gone_then_none_is_skipped() {
    for (var name : List.of("a", "b", "c")) {
      assertThat(driver.create(spec(name, CapacityRange.UNSPECIFIED)))
          .isInstanceOf(Answer.Done.class);
    }
    assertThat(driver.delete("b", Secrets.none())).isEqualTo(Answer.done());

    assertThat(driver.volumesAfter("b", 10))
        .extracting(listed -> listed.volume().id())
        .containsExactly("c");
  }

  @Test
  void given_a_limit_below_the_default_then_the_volume_is_no_larger() {
    assertThat(driver.create(spec("v1", new CapacityRange(0, 5))))
        .isInstanceOfSatisfying(
            Answer.Done.class,
            done -> assertThat(((Volume) done.value()).capacityBytes()).isEqualTo(5));
  }

  private static VolumeSpec spec(String name, CapacityRange capacity) {
    var capability =
        new VolumeCapability(new AccessType.Mount("", List.of()), AccessMode.SINGLE_NODE_WRITER);
    return new VolumeSpec(
        name,
        capacity,
        List.of(capability),
        new TreeMap<>(),
        new TreeMap<>(),
        new ContentSource.Blank(),
        TopologyRequirement.NONE,
        Secrets.none());
  }
}
