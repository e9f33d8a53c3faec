package io.csi4j.sidecars.provisioner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Table;
import io.csi4j.sidecars.kit.metrics.Metrics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is to be told of room, and what is told already. The places are made out anew when nodes
 * change; which items there are follows from places and classes.
 */
final class CapacityView implements CapacityNews {
  static final String DRIVER_LABEL = "csi.storage.k8s.io/drivername";
  static final String MANAGER_LABEL = "csi.storage.k8s.io/managed-by";
  private static final Table.Index<CapacityObject> BY_ITEM =
      new Table.Index<>("item", object -> List.of(object.item().toString()));

  private final ClusterView view;
  private final boolean immediateToo;
  private final Table<CapacityObject> objects;
  private final Metrics.Level goal;
  private final Metrics.Level current;
  private final Metrics.Level obsolete;

  private volatile Map<ObjectKey, CapacityItem> items = Map.of();
  private volatile Consumer<ObjectKey> wake = _ -> {};

  CapacityView(Cluster cluster, ClusterView view, Capacity.Setting setting, Metrics metrics) {
    this.view = view;
    this.immediateToo = setting.options().immediateToo();
    var labels =
        "%s=%s,%s=%s".formatted(DRIVER_LABEL, setting.driver(), MANAGER_LABEL, setting.managedBy());
    // Elsewhere the right to see such objects may be missing.
    var own = new Kind.Part(setting.options().namespace(), labels);
    objects = cluster.table(CapacityObject.KIND.only(own), List.of(BY_ITEM));
    goal =
        metrics.level(
            "csistoragecapacities_desired_goal",
            "Number of CSIStorageCapacity objects that are supposed to be managed automatically.");
    current =
        metrics.level(
            "csistoragecapacities_desired_current",
            "Number of CSIStorageCapacity objects that exist and are supposed to be managed"
                + " automatically.");
    obsolete =
        metrics.level(
            "csistoragecapacities_obsolete",
            "Number of CSIStorageCapacity objects that exist and will be deleted automatically.");
  }

  /** From now on items whose objects may not be right are woken. */
  void wake(Consumer<ObjectKey> items) {
    wake = items;
    objects.onChange(
        (before, after) -> {
          // Our own writes bring nothing new.
          if (after == null || before == null || !before.item().equals(after.item())) {
            wakeItem(before);
            wakeItem(after);
            count();
          }
        });
  }

  private void wakeItem(@Nullable CapacityObject object) {
    if (object != null) {
      wake.accept(object.item());
    }
  }

  /** Makes out the items anew, and wakes those that came or went. */
  void refresh() {
    var now = new LinkedHashMap<ObjectKey, CapacityItem>();
    for (var place : view.places()) {
      for (var storageClass : view.storageClasses()) {
        if (isWanted(storageClass)) {
          var item = new CapacityItem(place, storageClass.meta().name());
          now.put(item.key(), item);
        }
      }
    }
    var before = items;
    items = Map.copyOf(now);
    now.keySet().stream().filter(key -> !before.containsKey(key)).forEach(wake);
    before.keySet().stream().filter(key -> !now.containsKey(key)).forEach(wake);
    count();
  }

  private boolean isWanted(StorageClass storageClass) {
    return storageClass.provisioner().equals(view.driver())
        && (immediateToo || storageClass.bindingMode().equals("WaitForFirstConsumer"));
  }

  private void count() {
    var known = items;
    var all = objects.all();
    var wanted = all.stream().map(object -> object.item()).filter(known::containsKey).distinct();
    var right = wanted.count();
    goal.is(known.size());
    current.is((double) right);
    obsolete.is((double) all.size() - right);
  }

  @Nullable CapacityItem item(ObjectKey key) {
    return items.get(key);
  }

  @Nullable StorageClass storageClass(String name) {
    return view.storageClass(name);
  }

  List<CapacityObject> objects(ObjectKey item) {
    return objects.by(BY_ITEM, item.toString());
  }

  @Override
  public void created(String className, ObjectNode volume) {
    var terms = volume.at("/spec/nodeAffinity/required/nodeSelectorTerms");
    if (terms.isMissingNode()) {
      refused(className);
      return;
    }
    for (var term : terms) {
      var segments = new TreeMap<String, String>();
      for (var expression : term.path("matchExpressions")) {
        segments.put(expression.path("key").asText(), expression.path("values").path(0).asText());
      }
      wakePlace(segments);
    }
  }

  @Override
  public void refused(String className) {
    items.values().stream()
        .filter(item -> item.className().equals(className))
        .forEach(item -> wake.accept(item.key()));
  }

  @Override
  public void deleted(Volume volume) {
    for (var term : volume.affinity()) {
      var segments = new TreeMap<String, String>();
      var plain =
          term.requirements().stream()
              .allMatch(each -> each.operator().equals("In") && each.values().size() == 1);
      term.requirements().stream()
          .filter(_ -> plain)
          .forEach(each -> segments.put(each.key(), each.values().getFirst()));
      wakePlace(segments);
    }
  }

  /** Those of exactly this place: a place that says less is another one. */
  private void wakePlace(Map<String, String> segments) {
    if (!segments.isEmpty()) {
      items.values().stream()
          .filter(item -> item.isAt(segments))
          .forEach(item -> wake.accept(item.key()));
    }
  }
}
