package io.csi4j.e2e.sandbox.actors.node;

import io.csi4j.e2e.sandbox.actors.csi.CsiCalls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The drivers that are registered on the node. */
final class Plugins {
  private final Map<String, Path> sockets = new ConcurrentHashMap<>();
  private final CsiCalls calls;
  private final Duration limit;

  Plugins(CsiCalls calls, Duration limit) {
    this.calls = calls;
    this.limit = limit;
  }

  void add(String driver, Path socket) {
    sockets.put(driver, socket);
  }

  void remove(String driver) {
    sockets.remove(driver);
  }

  boolean has(String driver) {
    return sockets.containsKey(driver);
  }

  Set<String> names() {
    return Set.copyOf(sockets.keySet());
  }

  Optional<NodeService> service(String driver) {
    return Optional.ofNullable(sockets.get(driver)).map(this::service);
  }

  NodeService service(Path socket) {
    return new NodeService(calls, socket, limit);
  }
}
