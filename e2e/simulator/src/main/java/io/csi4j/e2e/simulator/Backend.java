package io.csi4j.e2e.simulator;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.csi4j.e2e.simulator.baton.Life;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is going on between the processes and the driver: who waits for a call on which volume, what
 * the driver is still working on, and which calls nobody knows the end of.
 */
final class Backend {
  private final Map<String, String> awaited = new HashMap<>();
  private final Map<String, String> busy = new HashMap<>();
  private final Map<String, ByteString> unsettled = new HashMap<>();
  private final Set<String> made = new HashSet<>();

  /**
   * One call, and what it is about: a volume or a snapshot.
   *
   * @param node where the call is about a volume's place; on another node it is another call
   */
  record Call(String method, String object, String node, ByteString request) {
    static Call of(String method, Message request) {
      return new Call(method, objectOf(request), text(request, "node_id"), withoutSecrets(request));
    }

    /** Its name in traces and plans. */
    @Override
    public String toString() {
      var about = object.isEmpty() ? method : method + " " + object;
      return node.isEmpty() ? about : about + "@" + node;
    }

    private static String objectOf(Message request) {
      for (var field : new String[] {"volume_id", "snapshot_id", "group_snapshot_id"}) {
        var id = text(request, field);
        if (!id.isEmpty()) {
          return id;
        }
      }
      var name = text(request, "name");
      return name.isEmpty() ? "" : SimulatedDriver.idOf(name);
    }

    private static String text(Message request, String field) {
      var found = request.getDescriptorForType().findFieldByName(field);
      return found == null ? "" : (String) request.getField(found);
    }

    private static ByteString withoutSecrets(Message request) {
      var secrets = request.getDescriptorForType().findFieldByName("secrets");
      return secrets == null
          ? request.toByteString()
          : request.toBuilder().clearField(secrets).build().toByteString();
    }
  }

  /** A process calls: what is wrong with that, if anything. */
  Optional<Violation> begins(Life life, Call call) {
    if (call.object().isEmpty()) {
      return Optional.empty();
    }
    var other = awaited.putIfAbsent(life + " " + call.object(), call.method());
    if (other != null) {
      return Optional.of(
          new Violation(
              "one call per volume", "%s begins %s while %s runs".formatted(life, call, other)));
    }
    var before = unsettled.get(call.toString());
    if (before != null && !before.equals(call.request())) {
      return Optional.of(
          new Violation(
              "a repeat is the same call",
              "%s repeats %s with another request, and nobody knows how the first ended"
                  .formatted(life, call)));
    }
    return Optional.empty();
  }

  /** The process hears, or dies. */
  void ends(Life life, Call call) {
    awaited.remove(life + " " + call.object());
  }

  /** Its end is known: whatever comes next may be another request. */
  void settles(Call call) {
    unsettled.remove(call.toString());
  }

  /** The driver takes it up, unless it is working on the same volume already. */
  boolean takesUp(Call call) {
    if (call.object().isEmpty()) {
      return true;
    }
    if (busy.putIfAbsent(call.object(), call.method()) != null) {
      return false;
    }
    unsettled.put(call.toString(), call.request());
    return true;
  }

  void finishes(Call call) {
    busy.remove(call.object());
    if (call.method().startsWith("Create")) {
      made.add(call.object());
    } else if (call.method().startsWith("Delete")) {
      made.remove(call.object());
    }
  }

  /**
   * Whether a driver that does as CSI says may refuse for good: a final answer says that nothing is
   * there and nothing under way.
   */
  boolean mayRefuse(Call call) {
    return !unsettled.containsKey(call.toString())
        && !busy.containsKey(call.object())
        && !(call.method().startsWith("Create") && made.contains(call.object()));
  }
}
