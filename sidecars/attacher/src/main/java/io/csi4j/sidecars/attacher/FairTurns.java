package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.queue.Turns;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is: attach and detach each have a lane, nodes take turns in a lane, and a volume
 * has one attachment in work at a time.
 *
 * <p>A key whose volume is in work is put aside until that is over. One that is deleted while it
 * waits to be attached changes lanes.
 */
final class FairTurns implements Turns<ObjectKey> {
  private final Function<ObjectKey, Place> places;
  private final Map<Lane, LaneTurns> lanes = new EnumMap<>(Lane.class);
  private final int workingMax;

  /** Read by others, too, outside the queue's lock. */
  private final Map<ObjectKey, Place> working = new ConcurrentHashMap<>();

  /** Where keys wait, unless aside. */
  private final Map<ObjectKey, Place> filed = new HashMap<>();

  /** By volume that is in work: who waits for it. */
  private final Map<String, Deque<ObjectKey>> aside = new HashMap<>();

  private Lane preferred = Lane.ATTACH;
  private int waiting;

  FairTurns(Function<ObjectKey, Place> places, Pace pace) {
    this.places = places;
    this.workingMax = pace.bothMax();
    for (var lane : Lane.values()) {
      lanes.put(lane, new LaneTurns(pace.limit(lane), pace::isUnwell));
    }
  }

  @Override
  public void add(ObjectKey key) {
    waiting++;
    file(key, places.apply(key));
  }

  @Override
  public void addedAgain(ObjectKey key) {
    var before = filed.get(key);
    var now = places.apply(key);
    if (before != null && before.lane() != now.lane()) {
      lane(before.lane()).remove(before.node(), key);
      file(key, now);
    }
  }

  @Override
  public boolean ready() {
    return found() != null;
  }

  @Override
  public @Nullable ObjectKey next() {
    var found = found();
    if (found == null) {
      return null;
    }
    var place = found.place();
    lane(place.lane()).take(place.node());
    filed.remove(found.key());
    lane(place.lane()).began(place.node());
    preferred = other(place.lane());
    working.put(found.key(), place);
    aside.put(place.volume(), new ArrayDeque<>());
    waiting--;
    return found.key();
  }

  @Override
  public void done(ObjectKey key) {
    var place = working.remove(key);
    if (place == null) {
      throw new IllegalStateException(key + " was not in work");
    }
    lane(place.lane()).done(place.node());
    var next = aside.remove(place.volume());
    if (next != null) {
      next.forEach(each -> file(each, places.apply(each)));
    }
  }

  boolean isWorking(ObjectKey key) {
    return working.containsKey(key);
  }

  @Override
  public int waiting() {
    return waiting;
  }

  /** What has not begun is for the next leader, who is the sooner one the sooner we end. */
  @Override
  public void close() {
    lanes.values().forEach(LaneTurns::forgetWaiting);
    aside.values().forEach(Deque::clear);
    filed.clear();
    waiting = 0;
  }

  private @Nullable Found found() {
    if (working.size() >= workingMax) {
      return null;
    }
    var found = found(preferred);
    return found == null ? found(other(preferred)) : found;
  }

  private @Nullable Found found(Lane lane) {
    var turns = lane(lane);
    for (var node = turns.nextNode(); node != null; node = turns.nextNode()) {
      var key = turns.head(node);
      var place = filed.getOrDefault(key, places.apply(key));
      if (!aside.containsKey(place.volume())) {
        return new Found(key, place);
      }
      turns.take(node);
      file(key, place);
    }
    return null;
  }

  private void file(ObjectKey key, Place place) {
    var others = aside.get(place.volume());
    if (others == null) {
      filed.put(key, place);
      lane(place.lane()).add(place.node(), key);
    } else {
      filed.remove(key);
      others.addLast(key);
    }
  }

  private LaneTurns lane(Lane lane) {
    var turns = lanes.get(lane);
    if (turns == null) {
      throw new IllegalStateException("no lane " + lane);
    }
    return turns;
  }

  private static Lane other(Lane lane) {
    return lane == Lane.ATTACH ? Lane.DETACH : Lane.ATTACH;
  }

  private record Found(ObjectKey key, Place place) {}
}
