package io.csi4j.e2e.sandbox.actors.history;

import io.csi4j.e2e.sandbox.actors.history.Entry.Ended;
import io.csi4j.e2e.sandbox.actors.history.Entry.Started;
import io.csi4j.proto.csi.v1.NodeGetInfoResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The order of calls: I1 to I8, I10 and I15. */
final class CallRules {
  private static final Set<String> CONTROLLER_CALLS =
      Set.of(
          "DeleteVolume",
          "ControllerPublishVolume",
          "ControllerUnpublishVolume",
          "ControllerExpandVolume",
          "ControllerModifyVolume");

  private final List<Violation> violations;

  /** Which node answers at a socket; calls of sockets that never said are not judged. */
  private final Map<String, String> nodeIds = new HashMap<>();

  private final Map<String, Set<String>> attached = new HashMap<>();
  private final Map<String, Set<String>> mayBeAttached = new HashMap<>();
  private final Map<String, Set<Path>> staged = new HashMap<>();
  private final Map<String, Set<Path>> mayBeStaged = new HashMap<>();
  private final Map<String, Path> stagingPaths = new HashMap<>();
  private final Map<String, Set<Path>> published = new HashMap<>();
  private final Set<String> deleted = new HashSet<>();
  private final Map<String, Long> inFlight = new HashMap<>();

  CallRules(List<Violation> violations) {
    this.violations = violations;
  }

  private void complain(String invariant, String what, Entry where) {
    violations.add(new Violation(invariant, what, where));
  }

  /** Whether the driver was told to delete the volume, and has. */
  boolean deleted(String handle) {
    return deleted.contains(handle);
  }

  void started(Started entry, WriteRules writes) {
    var call = entry.call();
    var volume = call.volumeId();
    var here = at(call);
    if (CONTROLLER_CALLS.contains(call.method()) && inFlight.merge(volume, 1L, Long::sum) > 1) {
      complain("I15", "two calls for one volume at a time", entry);
    }
    switch (call.method()) {
      case "NodeStageVolume" -> {
        var node = nodeIds.get(call.place());
        if (node != null
            && writes.attachRequired(volume)
            && !attached.getOrDefault(volume, Set.of()).contains(node)) {
          complain("I1", "staged before it was attached", entry);
        }
        var path = call.staging().orElse(Path.of(""));
        var before = stagingPaths.putIfAbsent(here, path);
        if (before != null && !before.equals(path)) {
          complain("I6", "staged at a second path, the first is " + before, entry);
        }
        mayBeStaged.computeIfAbsent(here, _ -> new HashSet<>()).add(path);
      }
      case "NodePublishVolume" -> publishing(entry, here);
      case "NodeUnstageVolume" -> {
        if (!published.getOrDefault(here, Set.of()).isEmpty()) {
          complain("I3", "unstaged while published at " + published.get(here), entry);
        }
      }
      case "ControllerPublishVolume" -> {
        mayBeAttached.computeIfAbsent(volume, _ -> new TreeSet<>()).add(call.nodeId());
        if (mayBeAttached.getOrDefault(volume, Set.of()).size() > 1 && writes.singleNode(volume)) {
          complain("I10", "attached to " + mayBeAttached.get(volume) + " at a time", entry);
        }
      }
      case "ControllerUnpublishVolume" -> {
        var place = placeOf(call.nodeId());
        if (place != null && !mayBeStaged.getOrDefault(place + "/" + volume, Set.of()).isEmpty()) {
          complain("I4", "detached while it may be staged", entry);
        }
      }
      case "DeleteVolume" -> {
        if (!mayBeAttached.getOrDefault(volume, Set.of()).isEmpty()) {
          complain("I5", "deleted while it may be attached to " + mayBeAttached.get(volume), entry);
        }
      }
      default -> {}
    }
  }

  private void publishing(Started entry, String here) {
    var call = entry.call();
    var target = call.target().orElse(Path.of(""));
    var staging = call.staging();
    var again = published.getOrDefault(here, Set.of()).contains(target);
    if (staging.isPresent()
        && stagingPaths.containsKey(here)
        && !staged.getOrDefault(here, Set.of()).contains(staging.get())) {
      complain("I2", "published before it was staged", entry);
    }
    if (!entry.paths().targetParentExists()) {
      complain("I7", "the parent of the target is missing", entry);
    }
    if (entry.paths().targetExists() && !again) {
      complain("I7", "the target is there before the driver made it", entry);
    }
    // From here on the driver may have made it, whatever its answer.
    published.computeIfAbsent(here, _ -> new HashSet<>()).add(target);
  }

  void ended(Ended entry) {
    var call = entry.call();
    var volume = call.volumeId();
    var here = at(call);
    if (CONTROLLER_CALLS.contains(call.method())) {
      inFlight.merge(volume, -1L, Long::sum);
    }
    if (!entry.ok()) {
      return;
    }
    switch (call.method()) {
      case "NodeGetInfo" ->
          entry.response().ifPresent(response -> nodeIds.put(call.place(), nodeId(response)));
      case "ControllerPublishVolume" ->
          attached.computeIfAbsent(volume, _ -> new TreeSet<>()).add(call.nodeId());
      case "ControllerUnpublishVolume" -> {
        attached.getOrDefault(volume, new HashSet<>()).remove(call.nodeId());
        mayBeAttached.getOrDefault(volume, new HashSet<>()).remove(call.nodeId());
      }
      case "NodeStageVolume" ->
          staged
              .computeIfAbsent(here, _ -> new HashSet<>())
              .add(call.staging().orElse(Path.of("")));
      case "NodeUnstageVolume" -> {
        staged.remove(here);
        mayBeStaged.remove(here);
        stagingPaths.remove(here);
      }
      case "NodeUnpublishVolume" -> {
        published.getOrDefault(here, new HashSet<>()).remove(call.target().orElse(Path.of("")));
        if (entry.paths().targetExists()) {
          complain("I8", "the target is still there", entry);
        }
      }
      case "DeleteVolume" -> deleted.add(volume);
      default -> {}
    }
  }

  private static String nodeId(com.google.protobuf.Message response) {
    var field =
        response.getDescriptorForType().findFieldByNumber(NodeGetInfoResponse.NODE_ID_FIELD_NUMBER);
    return String.valueOf(response.getField(field));
  }

  private @org.jspecify.annotations.Nullable String placeOf(String nodeId) {
    return nodeIds.entrySet().stream()
        .filter(each -> each.getValue().equals(nodeId))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }

  private static String at(CsiCall call) {
    return call.place() + "/" + call.volumeId();
  }
}
