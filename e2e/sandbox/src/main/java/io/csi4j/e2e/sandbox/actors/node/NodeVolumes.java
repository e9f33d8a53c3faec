package io.csi4j.e2e.sandbox.actors.node;

import io.csi4j.e2e.sandbox.actors.cluster.Events;
import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.loop.ActorTime;
import io.csi4j.e2e.sandbox.actors.node.Actual.Device;
import io.csi4j.e2e.sandbox.actors.node.Actual.Mount;
import io.csi4j.e2e.sandbox.actors.node.Actual.Presence;
import io.csi4j.e2e.sandbox.actors.node.Operations.Operation;
import io.csi4j.e2e.sandbox.actors.node.Wanted.Mountable;
import io.csi4j.e2e.sandbox.actors.view.Claim;
import io.csi4j.e2e.sandbox.actors.view.Pod;
import io.csi4j.e2e.sandbox.actors.view.View;
import io.csi4j.e2e.sandbox.actors.view.VolumeNames;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The volume manager of a node: compares what pods want with what is there, and acts. */
final class NodeVolumes {
  private final NodeOptions options;
  private final View view;
  private final Events events;
  private final PodVolumes podVolumes;
  private final Plugins plugins;
  private final Actual actual;
  private final Operations operations;
  private final NodeObjects objects;
  private final Mounting mounting;
  private final Unmounting unmounting;
  private final Expanding expanding;
  private final Upkeep upkeep;
  private Instant upkeepDue = ActorTime.NEVER;

  NodeVolumes(NodeOptions options, NodeTools tools) {
    this.options = options;
    this.view = tools.view();
    this.events = tools.events();
    this.podVolumes = new PodVolumes(view);
    this.plugins = tools.plugins();
    this.actual = tools.actual();
    this.operations = tools.operations();
    this.objects = tools.objects();
    this.mounting = new Mounting(options, tools);
    this.unmounting = new Unmounting(tools);
    this.expanding = new Expanding(tools);
    this.upkeep = new Upkeep(options, tools, mounting);
  }

  /** What each pod's volumes have come to, by the pod's UID. */
  record Ready(NodePaths paths, Map<String, List<Wanted>> byPod, Actual actual) {

    boolean ready(Pod pod) {
      var wanted = byPod.get(pod.uid());
      return wanted != null && wanted.stream().allMatch(this::ready);
    }

    private boolean ready(Wanted wanted) {
      return switch (wanted) {
        case Wanted.Blocked _ -> false;
        case Mountable each -> actual.mount(each.key()) == Presence.SURE;
      };
    }

    Map<String, Path> paths(Pod pod) {
      var found = new LinkedHashMap<String, Path>();
      for (var wanted : byPod.getOrDefault(pod.uid(), List.of())) {
        if (wanted instanceof Mountable each) {
          found.put(each.podVolume().name(), paths.target(pod.uid(), each.spec()));
        }
      }
      return found;
    }
  }

  Ready pass(List<Pod> pods, Instant now) {
    var byPod = new HashMap<String, List<Wanted>>();
    var mountable = new LinkedHashMap<Actual.MountKey, Mountable>();
    for (var pod : pods) {
      var wanted = podVolumes.of(pod);
      byPod.put(pod.uid(), wanted);
      for (var each : wanted) {
        switch (each) {
          case Wanted.Blocked(_, var reason) -> tell(pod, "FailedMount", reason);
          case Mountable found -> mountable.put(found.key(), found);
        }
      }
    }
    reportInUse(mountable);
    mountable.values().forEach(each -> bring(each, now));
    upkeep.rejectWhatIsTooMuch(mountable.values(), now);
    var mounted =
        mountable.values().stream()
            .filter(each -> actual.mount(each.key()) == Presence.SURE)
            .toList();
    upkeepDue = upkeep.pass(mounted, now);
    var users = new HashSet<String>();
    mountable.values().forEach(each -> users.add(each.spec().unique()));
    takeAway(mountable.keySet(), users, now);
    return new Ready(new NodePaths(options.root()), byPod, actual);
  }

  private void tell(Pod pod, String reason, String message) {
    if (pod.phase().equals("Pending")) {
      events.warning(Kind.POD, pod.json(), reason, message);
    }
  }

  /** The server must know before anything is mounted, and until nothing is any more. */
  private void reportInUse(Map<Actual.MountKey, Mountable> mountable) {
    var used = new TreeSet<String>();
    mountable.values().stream()
        .map(Mountable::spec)
        .filter(this::attachable)
        .forEach(spec -> used.add(spec.unique()));
    actual.devices().stream()
        .map(Device::spec)
        .filter(this::attachable)
        .forEach(spec -> used.add(spec.unique()));
    actual.mounts().stream()
        .map(Mount::spec)
        .filter(this::attachable)
        .forEach(spec -> used.add(spec.unique()));
    var reported = view.node(options.name()).map(node -> node.volumesInUse()).orElse(List.of());
    if (!reported.equals(List.copyOf(used))) {
      objects.reportInUse(List.copyOf(used));
    }
  }

  private boolean attachable(MountSpec spec) {
    return !spec.inline() && view.driver(spec.driver()).attachRequired();
  }

  private void bring(Mountable wanted, Instant now) {
    var spec = wanted.spec();
    switch (MountStep.decide(facts(wanted))) {
      case MountStep.Ready() -> grow(wanted, now);
      case MountStep.Await _ -> {}
      case MountStep.Stage() ->
          operations.start(
              new Operation(
                  "stage/" + spec.unique(),
                  () -> actual.takeDevice(spec.unique()),
                  () -> mounting.stage(wanted),
                  () -> actual.leaveDevice(spec.unique()),
                  reason -> failed(wanted, "MountVolume.MountDevice", reason)),
              now);
      case MountStep.Publish() ->
          operations.start(
              new Operation(
                  "publish/" + wanted.key(),
                  () -> actual.takeMount(wanted.key(), spec.unique()),
                  () -> mounting.publish(wanted),
                  () -> actual.leaveMount(wanted.key(), spec.unique()),
                  reason -> failed(wanted, "MountVolume.SetUp", reason)),
              now);
    }
  }

  private void grow(Mountable wanted, Instant now) {
    switch (expanding.decide(wanted)) {
      case ExpansionStep.Settled() -> {}
      case ExpansionStep.Expand(var share) ->
          operations.start(
              new Operation(
                  "expand/" + wanted.key(),
                  () -> actual.takeMount(wanted.key(), wanted.spec().unique()),
                  () -> expanding.expand(wanted, share),
                  () -> actual.leaveMount(wanted.key(), wanted.spec().unique()),
                  _ -> {}),
              now);
    }
  }

  private void failed(Mountable wanted, String operation, String reason) {
    events.warning(
        Kind.POD,
        wanted.pod().json(),
        wanted.spec().block() ? "FailedMapVolume" : "FailedMount",
        "%s failed for volume \"%s\" : %s".formatted(operation, wanted.spec().specName(), reason));
  }

  private MountFacts facts(Mountable wanted) {
    var spec = wanted.spec();
    var node = view.node(options.name());
    var attachment =
        view.attachment(VolumeNames.attachment(spec.handle(), spec.driver(), options.name()));
    return new MountFacts(
        spec.driver(),
        spec.inline(),
        plugins.has(spec.driver()),
        wanted.claim().filter(Claim::deleting).isPresent(),
        attachable(spec),
        node.filter(each -> each.volumesInUse().contains(spec.unique())).isPresent(),
        node.filter(each -> each.volumesAttached().contains(spec.unique())).isPresent(),
        attachment.orElse(null),
        actual.device(spec),
        actual.mount(wanted.key()));
  }

  private void takeAway(Set<Actual.MountKey> wanted, Set<String> users, Instant now) {
    for (var mount : actual.mounts()) {
      if (!wanted.contains(mount.key())) {
        var unique = mount.spec().unique();
        operations.start(
            new Operation(
                "unpublish/" + mount.key(),
                () -> actual.takeMount(mount.key(), unique),
                () -> unmounting.unpublish(mount),
                () -> actual.leaveMount(mount.key(), unique),
                _ -> {}),
            now);
      }
    }
    for (var device : actual.devices()) {
      var unique = device.spec().unique();
      if (!users.contains(unique) && !actual.mountedAnywhere(unique)) {
        operations.start(
            new Operation(
                "unstage/" + unique,
                () -> actual.takeDevice(unique),
                () -> unmounting.unstage(device),
                () -> actual.leaveDevice(unique),
                _ -> {}),
            now);
      }
    }
  }

  /** When something is due although nothing changes. */
  Instant next() {
    return upkeepDue;
  }

  List<VolumeStats> stats() {
    return upkeep.stats();
  }
}
