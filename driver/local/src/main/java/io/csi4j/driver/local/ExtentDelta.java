package io.csi4j.driver.local;

import io.csi4j.driver.framework.syscall.Extents.Extent;
import io.csi4j.driver.spi.ChangedBlocks.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares two files by where their bytes are. Both files hold on to their extents, so what is at
 * the same place is the same; what is not may still be, and is then reported for nothing. Pure.
 */
final class ExtentDelta {
  /** Ranges begin and end on these, as every pool's file system counts in them. */
  private static final long UNIT = SizeChoice.UNIT_BYTES;

  private ExtentDelta() {}

  /** What was written, up to {@code capacity}. */
  static List<Range> allocated(List<Extent> extents, long capacity) {
    var ranges = new Ranges(capacity);
    for (var extent : extents) {
      if (extent.written()) {
        ranges.add(extent.logical(), extent.end());
      }
    }
    return ranges.list;
  }

  /** What differs, up to {@code capacity}. */
  static List<Range> changed(List<Extent> base, List<Extent> target, long capacity) {
    var borders = new TreeSet<Long>();
    for (var extents : List.of(base, target)) {
      for (var extent : extents) {
        borders.add(extent.logical());
        borders.add(extent.end());
      }
    }
    var ranges = new Ranges(capacity);
    var inBase = new Cursor(base);
    var inTarget = new Cursor(target);
    var from = -1L;
    for (var border : borders) {
      if (from >= 0 && !same(inBase.at(from), inTarget.at(from), from)) {
        ranges.add(from, border);
      }
      from = border;
    }
    return ranges.list;
  }

  private static boolean same(@Nullable Extent base, @Nullable Extent target, long at) {
    if (base == null || target == null) {
      return base == null && target == null;
    }
    if (!base.comparable() || !target.comparable()) {
      return base.equals(target);
    }
    return base.physical() + (at - base.logical()) == target.physical() + (at - target.logical());
  }

  /** Walks over extents; asked for ascending offsets only. Reserved ones count as holes. */
  private static final class Cursor {
    private final List<Extent> extents;
    private int next;

    Cursor(List<Extent> extents) {
      this.extents = extents.stream().filter(Extent::written).toList();
    }

    @Nullable Extent at(long offset) {
      while (next < extents.size() && extents.get(next).end() <= offset) {
        next++;
      }
      return next < extents.size() && extents.get(next).logical() <= offset
          ? extents.get(next)
          : null;
    }
  }

  /** Ascending ranges on whole units; neighbours become one. */
  static final class Ranges {
    final List<Range> list = new ArrayList<>();
    private final long capacity;

    Ranges(long capacity) {
      this.capacity = capacity;
    }

    void add(long from, long to) {
      var begin = from / UNIT * UNIT;
      var end = Math.min(capacity, (to + UNIT - 1) / UNIT * UNIT);
      if (!list.isEmpty() && list.getLast().end() >= begin) {
        begin = list.removeLast().offset();
      }
      if (begin < end) {
        list.add(new Range(begin, end - begin));
      }
    }
  }
}
