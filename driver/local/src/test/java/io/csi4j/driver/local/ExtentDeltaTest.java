package io.csi4j.driver.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.driver.framework.syscall.Extents.Extent;
import io.csi4j.driver.spi.ChangedBlocks.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** driver.md 14.7, against a model of one unit at a time. */
class ExtentDeltaTest {
  private static final long UNIT = 4096;

  @Test
  void given_equal_places_then_nothing_has_changed() {
    var base = List.of(extent(0, 100, 8));
    var split = List.of(extent(0, 100, 3), extent(3, 103, 5));

    assertThat(ExtentDelta.changed(base, split, 100 * UNIT)).isEmpty();
  }

  @Test
  void given_a_hole_against_data_then_it_has_changed_and_against_reserved_it_has_not() {
    var reserved = new Extent(4 * UNIT, 50 * UNIT, UNIT, false, true);

    assertThat(ExtentDelta.changed(List.of(extent(2, 7, 1)), List.of(reserved), 100 * UNIT))
        .containsExactly(new Range(2 * UNIT, UNIT));
  }

  @Test
  void given_places_that_mean_nothing_then_only_the_very_same_extent_is_unchanged() {
    var inline = new Extent(0, 0, UNIT, true, false);
    var other = new Extent(0, 0, 2 * UNIT, true, false);

    assertThat(ExtentDelta.changed(List.of(inline), List.of(inline), 100 * UNIT)).isEmpty();
    assertThat(ExtentDelta.changed(List.of(inline), List.of(other), 100 * UNIT))
        .containsExactly(new Range(0, 2 * UNIT));
  }

  @Test
  void given_a_capacity_then_nothing_is_told_behind_it() {
    assertThat(ExtentDelta.allocated(List.of(extent(0, 5, 9)), 4 * UNIT))
        .containsExactly(new Range(0, 4 * UNIT));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void given_any_two_maps_then_it_is_what_each_unit_by_itself_says(long seed) {
    var random = new Random(seed);
    var size = 4 + (int) seed / 4;
    var base = units(random, size);
    var target = units(random, size);

    var told = new TreeSet<Long>();
    for (var range : ExtentDelta.changed(extents(base), extents(target), size * UNIT)) {
      LongStream.range(range.offset() / UNIT, range.end() / UNIT).forEach(told::add);
    }

    var differing = new TreeSet<Long>();
    for (var unit = 0; unit < size; unit++) {
      if (base[unit] != target[unit]) {
        differing.add((long) unit);
      }
    }
    assertThat(told).isEqualTo(differing);
  }

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  /** The place of each unit; 0 for a hole. Few places, so that many are equal. */
  private static long[] units(Random random, int size) {
    var units = new long[size];
    for (var unit = 0; unit < size; unit++) {
      units[unit] = random.nextInt(3) == 0 ? 0 : 1000 + unit + random.nextInt(2) * 5000;
    }
    return units;
  }

  /** Neighbours become one extent. */
  private static List<Extent> extents(long[] units) {
    List<Extent> extents = new ArrayList<>();
    for (var unit = 0; unit < units.length; unit++) {
      if (units[unit] == 0) {
        continue;
      }
      var last = extents.isEmpty() ? null : extents.getLast();
      if (last != null
          && last.end() == unit * UNIT
          && last.physical() + last.bytes() == units[unit] * UNIT) {
        extents.removeLast();
        extents.add(new Extent(last.logical(), last.physical(), last.bytes() + UNIT, true, true));
      } else {
        extents.add(extent(unit, units[unit], 1));
      }
    }
    return extents;
  }

  private static Extent extent(long logical, long physical, long units) {
    return new Extent(logical * UNIT, physical * UNIT, units * UNIT, true, true);
  }
}
