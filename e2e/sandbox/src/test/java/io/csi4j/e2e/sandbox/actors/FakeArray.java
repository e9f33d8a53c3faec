package io.csi4j.e2e.sandbox.actors;

import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** What a driver's volumes are on: folders. All methods may be called from any thread. */
final class FakeArray {
  private final Path folder;

  /** Volume IDs by the names that they were created with. */
  private final Map<String, String> volumes = new TreeMap<>();

  /** Volume and node. */
  private final Set<String> attached = new TreeSet<>();

  /** On whose ground no volume can be made any more. */
  private final Set<String> fullNodes = ConcurrentHashMap.newKeySet();

  FakeArray(Path folder) {
    this.folder = folder;
  }

  void fill(String node) {
    fullNodes.add(node);
  }

  synchronized String create(String name, String node) {
    if (fullNodes.contains(node)) {
      throw Status.RESOURCE_EXHAUSTED.withDescription("full: " + node).asRuntimeException();
    }
    return volumes.computeIfAbsent(
        name,
        _ -> {
          var handle = "vol-" + name;
          try {
            Files.createDirectories(data(handle));
          } catch (IOException e) {
            throw Status.INTERNAL.withCause(e).asRuntimeException();
          }
          return handle;
        });
  }

  synchronized void delete(String handle) {
    if (attached.stream().anyMatch(each -> each.startsWith(handle + "@"))) {
      throw Status.FAILED_PRECONDITION.withDescription("still attached").asRuntimeException();
    }
    volumes.values().remove(handle);
  }

  synchronized void attach(String handle, String node) {
    if (!volumes.containsValue(handle)) {
      throw Status.NOT_FOUND.withDescription("no volume " + handle).asRuntimeException();
    }
    attached.add(handle + "@" + node);
  }

  synchronized void detach(String handle, String node) {
    attached.remove(handle + "@" + node);
  }

  synchronized List<String> volumes() {
    return new ArrayList<>(volumes.values());
  }

  synchronized List<String> attached() {
    return new ArrayList<>(attached);
  }

  /** Where a volume's files are while no pod has them. */
  Path data(String handle) {
    return folder.resolve(handle);
  }
}
