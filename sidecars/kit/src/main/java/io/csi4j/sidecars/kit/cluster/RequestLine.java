package io.csi4j.sidecars.kit.cluster;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * Who sends a request next, of all that share the connections. What somebody waits for goes first:
 * a volume that is attached has a pod behind it, one that is detached has nobody. So there are two
 * lines, and in each it is first come, first served.
 *
 * <p>To go first here is not enough: the server has a queue of its own, which knows no urgency, and
 * its processors are shared by all that it works on. So those that yield are never more than keep
 * it busy, and beside others only a few of them begin.
 *
 * <p>Those few are always theirs: however long the first line is, the second one moves.
 */
final class RequestLine {

  enum Urgency {
    WAITED_FOR,
    /** Nobody waits for it; it has to be done all the same. */
    YIELDING
  }

  /**
   * How many requests may be under way.
   *
   * @param all of both sorts together
   * @param yielding of those that yield, while there are no others
   * @param beside of those that yield, while there are others
   */
  record Limits(int all, int yielding, int beside) {

    /**
     * Not counting lists and watches; each has a connection of its own meanwhile. More than 16 at
     * work don't make a server on two cores faster.
     */
    static final Limits OF_A_SERVER = new Limits(24, 16, 8);

    Limits {
      if (beside < 1 || yielding < beside || all <= yielding) {
        throw new IllegalArgumentException(
            "places for requests: %d, %d that yield, %d beside others: must fall, and not to 0"
                .formatted(all, yielding, beside));
      }
    }
  }

  private final Limits limits;

  // Both are guarded by this.
  private final Map<Urgency, Deque<Place>> waiting = new EnumMap<>(Urgency.class);
  private final Map<Urgency, Integer> underWay = new EnumMap<>(Urgency.class);

  RequestLine(Limits limits) {
    this.limits = limits;
    for (var urgency : Urgency.values()) {
      waiting.put(urgency, new ArrayDeque<>());
      underWay.put(urgency, 0);
    }
  }

  /** Waits for its turn; the caller closes what it gets when the request is over. */
  Place take(Urgency urgency) throws InterruptedException {
    var place = join(urgency);
    try {
      place.turn.await();
      return place;
    } catch (InterruptedException e) {
      place.close();
      throw e;
    }
  }

  /** A place in line, which may have its turn at once. */
  synchronized Place join(Urgency urgency) {
    var place = new Place(urgency);
    waiting(urgency).addLast(place);
    callNext();
    return place;
  }

  private synchronized void leave(Place place) {
    if (place.left) {
      return;
    }
    place.left = true;
    if (!place.hasTurn()) {
      waiting(place.urgency).remove(place);
      return;
    }
    underWay.merge(place.urgency, -1, Integer::sum);
    callNext();
  }

  private void callNext() {
    for (var urgency : Urgency.values()) {
      var line = waiting(urgency);
      while (!line.isEmpty() && hasRoom(urgency)) {
        underWay.merge(urgency, 1, Integer::sum);
        line.removeFirst().turn.countDown();
      }
    }
  }

  private boolean hasRoom(Urgency urgency) {
    var urgent = underWay(Urgency.WAITED_FOR);
    var yielding = underWay(Urgency.YIELDING);
    if (urgent + yielding >= limits.all()) {
      return false;
    }
    return switch (urgency) {
      case WAITED_FOR -> urgent < limits.all() - limits.beside();
      case YIELDING -> yielding < (urgent == 0 ? limits.yielding() : limits.beside());
    };
  }

  private Deque<Place> waiting(Urgency urgency) {
    return waiting.getOrDefault(urgency, new ArrayDeque<>());
  }

  private int underWay(Urgency urgency) {
    return underWay.getOrDefault(urgency, 0);
  }

  /** From joining the line until the request is over, or nobody wants it any more. */
  final class Place implements AutoCloseable {
    private final Urgency urgency;
    private final CountDownLatch turn = new CountDownLatch(1);

    /** Guarded by the line. */
    private boolean left;

    private Place(Urgency urgency) {
      this.urgency = urgency;
    }

    boolean hasTurn() {
      return turn.getCount() == 0;
    }

    @Override
    public void close() {
      leave(this);
    }
  }
}
