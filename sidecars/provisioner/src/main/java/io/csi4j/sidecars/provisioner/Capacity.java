package io.csi4j.sidecars.provisioner;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.proto.csi.v1.GetCapacityRequest;
import io.csi4j.proto.csi.v1.GetCapacityResponse;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Outcome;
import io.csi4j.sidecars.kit.doors.Patch;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.reconcile.Reconciler;
import io.csi4j.sidecars.kit.reconcile.Verdict;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one object for each {@link CapacityItem} and none besides. An item asks for itself anew
 * after a while, so a slow driver makes it late and never makes a queue grow.
 */
final class Capacity implements Reconciler {
  private static final Duration SHOWN_SOON = Duration.ofSeconds(5);

  private final Doors doors;
  private final CapacityView view;
  private final Setting setting;

  /** Objects that were made and that the table has not shown yet. */
  private final Map<ObjectKey, Long> made = new ConcurrentHashMap<>();

  /** Where requests go, at a pace of their own. */
  record Doors(Cluster cluster, Driver driver, Time time) {}

  /** {@code owner} is missing where the objects are nobody's. */
  record Setting(String driver, String managedBy, CapacityOptions options, @Nullable Owner owner) {}

  Capacity(Doors doors, CapacityView view, Setting setting) {
    this.doors = doors;
    this.view = view;
    this.setting = setting;
  }

  @Override
  public Verdict reconcile(ObjectKey key) {
    var objects =
        view.objects(key).stream()
            .sorted(Comparator.comparing((CapacityObject object) -> object.meta().name()))
            .toList();
    var item = view.item(key);
    var storageClass = item == null ? null : view.storageClass(item.className());
    var kept = item == null || storageClass == null ? 0 : 1;
    for (var obsolete : objects.subList(Math.min(kept, objects.size()), objects.size())) {
      delete(obsolete);
    }
    if (item == null || storageClass == null) {
      made.remove(key);
      return new Verdict.Settled();
    }
    var known = objects.isEmpty() ? null : objects.getFirst();
    return switch (ask(item, storageClass)) {
      case Outcome.Done(var reply) -> publish(item, known, reply);
      case Outcome.Refused(_, var message) -> new Verdict.BackOff(message);
      case Outcome.InDoubt(_, var message) -> new Verdict.BackOff(message);
      case Outcome.NotReached(var message) -> new Verdict.BackOff(message);
    };
  }

  private Outcome<GetCapacityResponse> ask(CapacityItem item, StorageClass storageClass) {
    Map<String, String> parameters;
    try {
      parameters = VolumeRequest.withoutReserved(storageClass.parameters());
    } catch (IllegalArgumentException e) {
      return new Outcome.NotReached<>(String.valueOf(e.getMessage()));
    }
    var request = GetCapacityRequest.newBuilder().putAllParameters(parameters);
    if (!item.place().isEmpty()) {
      request.setAccessibleTopology(item.place().message());
    }
    return doors.driver().getCapacity(request.build());
  }

  private Verdict publish(
      CapacityItem item, @Nullable CapacityObject known, GetCapacityResponse reply) {
    var bytes = Math.max(0, reply.getAvailableCapacity());
    Long maximum = reply.hasMaximumVolumeSize() ? reply.getMaximumVolumeSize().getValue() : null;
    if (known != null) {
      made.remove(item.key());
      if (!known.says(bytes, maximum) || lacksOwner(known)) {
        write(known, CapacityObject.room(bytes, maximum));
      }
    } else if (isShownSoon(item)) {
      return new Verdict.After(SHOWN_SOON, "its object will be seen in a moment");
    } else {
      doors.cluster().create(CapacityObject.KIND, body(item, CapacityObject.room(bytes, maximum)));
      made.put(item.key(), doors.time().nanos());
    }
    return new Verdict.After(setting.options().poll(), "asked for at intervals");
  }

  private boolean isShownSoon(CapacityItem item) {
    var since = made.get(item.key());
    return since != null && doors.time().nanos() - since < SHOWN_SOON.toNanos();
  }

  private boolean lacksOwner(CapacityObject known) {
    var owner = setting.owner();
    return owner != null && !known.owners().contains(owner.uid());
  }

  private void write(CapacityObject known, ObjectNode room) {
    var owner = setting.owner();
    if (owner != null && lacksOwner(known)) {
      doors
          .cluster()
          .update(
              CapacityObject.KIND,
              known.key(),
              object -> {
                room.properties().forEach(field -> object.set(field.getKey(), field.getValue()));
                if (room.path("maximumVolumeSize").isNull()) {
                  object.remove("maximumVolumeSize");
                }
                owner.addTo(object.withObject("/metadata"));
              });
      return;
    }
    room.putObject("metadata").put("resourceVersion", known.meta().resourceVersion());
    doors.cluster().patch(CapacityObject.KIND, known.key(), Patch.merge(room));
  }

  private void delete(CapacityObject object) {
    try {
      doors.cluster().delete(CapacityObject.KIND, object.key(), object.meta().uid());
    } catch (ApiFailure.NotFound _) {
      // Somebody was quicker.
    }
  }

  private ObjectNode body(CapacityItem item, ObjectNode room) {
    var body = JsonNodeFactory.instance.objectNode();
    var metadata = body.putObject("metadata");
    metadata.put("generateName", "csisc-").put("namespace", setting.options().namespace());
    metadata
        .putObject("labels")
        .put(CapacityView.DRIVER_LABEL, setting.driver())
        .put(CapacityView.MANAGER_LABEL, setting.managedBy());
    if (setting.owner() != null) {
      setting.owner().addTo(metadata);
    }
    body.put("storageClassName", item.className());
    var topology = body.putObject("nodeTopology");
    if (!item.place().isEmpty()) {
      item.place().segments().forEach(topology.putObject("matchLabels")::put);
    }
    room.properties().stream()
        .filter(field -> !field.getValue().isNull())
        .forEach(field -> body.set(field.getKey(), field.getValue()));
    return body;
  }
}
