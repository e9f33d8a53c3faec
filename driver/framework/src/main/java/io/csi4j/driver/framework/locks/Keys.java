package io.csi4j.driver.framework.locks;

import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a call needs for itself, and what others may read at the same time.
 *
 * @param exclusive nobody else may hold these in any way
 * @param shared others may share these, but not hold them exclusively
 */
public record Keys(SortedSet<String> exclusive, SortedSet<String> shared) {

  public Keys {
    exclusive = new TreeSet<>(exclusive);
    shared = new TreeSet<>(shared);
    shared.removeAll(exclusive);
  }

  public static Keys none() {
    return new Keys(new TreeSet<>(), new TreeSet<>());
  }

  public Keys volume(String id) {
    return exclusively("volume " + id);
  }

  /** The volume is read, for example as the source of a clone. */
  public Keys volumeShared(String id) {
    return sharedly("volume " + id);
  }

  /** The name of a volume to be, since it has no ID yet. */
  public Keys volumeName(String name) {
    return exclusively("volume name " + name);
  }

  public Keys snapshot(String id) {
    return exclusively("snapshot " + id);
  }

  public Keys snapshotShared(String id) {
    return sharedly("snapshot " + id);
  }

  public Keys snapshotName(String name) {
    return exclusively("snapshot name " + name);
  }

  public Keys group(String id) {
    return exclusively("group " + id);
  }

  public Keys groupName(String name) {
    return exclusively("group name " + name);
  }

  private Keys exclusively(String key) {
    var more = new TreeSet<>(exclusive);
    more.add(key);
    return new Keys(more, shared);
  }

  private Keys sharedly(String key) {
    var more = new TreeSet<>(shared);
    more.add(key);
    return new Keys(exclusive, more);
  }
}
