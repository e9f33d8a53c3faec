package io.csi4j.e2e.sandbox.actors.node;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is staged and published on the node, so far as kubelet knows. Guarded by itself. */
final class Actual {
  private final Map<String, Device> devices = new LinkedHashMap<>();
  private final Map<MountKey, Mount> mounts = new LinkedHashMap<>();
  private final Map<String, Integer> busyDevices = new HashMap<>();
  private final Map<MountKey, Boolean> busyMounts = new HashMap<>();

  /** How sure it is that something is there. */
  enum Presence {
    NONE,
    UNCERTAIN,
    SURE
  }

  record Device(MountSpec spec, Presence presence) {}

  record MountKey(String podUid, String specName) {}

  /**
   * @param size in bytes, of the volume when it was mounted
   */
  record Mount(MountKey key, MountSpec spec, Presence presence, long size) {}

  synchronized Presence device(MountSpec spec) {
    var device = devices.get(spec.unique());
    return device == null ? Presence.NONE : device.presence;
  }

  synchronized Presence mount(MountKey key) {
    var mount = mounts.get(key);
    return mount == null ? Presence.NONE : mount.presence;
  }

  synchronized Optional<Mount> find(MountKey key) {
    return Optional.ofNullable(mounts.get(key));
  }

  synchronized void put(Device device) {
    if (device.presence == Presence.NONE) {
      devices.remove(device.spec.unique());
    } else {
      devices.put(device.spec.unique(), device);
    }
  }

  synchronized void put(Mount mount) {
    if (mount.presence == Presence.NONE) {
      mounts.remove(mount.key);
    } else {
      mounts.put(mount.key, mount);
    }
  }

  synchronized List<Device> devices() {
    return new ArrayList<>(devices.values());
  }

  synchronized List<Mount> mounts() {
    return new ArrayList<>(mounts.values());
  }

  synchronized boolean mountedAnywhere(String unique) {
    return mounts.values().stream().anyMatch(mount -> mount.spec.unique().equals(unique));
  }

  synchronized boolean mountedFor(String podUid) {
    return mounts.keySet().stream().anyMatch(key -> key.podUid.equals(podUid));
  }

  /** One operation at a time for the volume as a whole, and none of its pods meanwhile. */
  synchronized boolean takeDevice(String unique) {
    if (busyDevices.containsKey(unique)) {
      return false;
    }
    busyDevices.put(unique, -1);
    return true;
  }

  synchronized void leaveDevice(String unique) {
    busyDevices.remove(unique);
  }

  /** One operation at a time for the volume in a pod; other pods may have theirs. */
  synchronized boolean takeMount(MountKey key, String unique) {
    if (busyDevices.getOrDefault(unique, 0) < 0 || busyMounts.containsKey(key)) {
      return false;
    }
    busyMounts.put(key, true);
    busyDevices.merge(unique, 1, Integer::sum);
    return true;
  }

  synchronized void leaveMount(MountKey key, String unique) {
    busyMounts.remove(key);
    busyDevices.computeIfPresent(unique, (_, count) -> count <= 1 ? null : count - 1);
  }
}
