package io.csi4j.e2e.sandbox.actors.node;

import io.csi4j.e2e.sandbox.actors.csi.CsiAnswer;
import io.csi4j.e2e.sandbox.actors.loop.ActorTime;
import io.csi4j.e2e.sandbox.actors.loop.Attempts;
import io.csi4j.e2e.sandbox.actors.node.Actual.MountKey;
import io.csi4j.e2e.sandbox.actors.node.Operations.Operation;
import io.csi4j.e2e.sandbox.actors.node.Wanted.Mountable;
import io.csi4j.e2e.sandbox.actors.view.Attachment;
import io.csi4j.e2e.sandbox.actors.view.View;
import io.csi4j.e2e.sandbox.actors.view.VolumeNames;
import io.csi4j.proto.csi.v1.NodeGetInfoResponse;
import io.csi4j.proto.csi.v1.NodeGetVolumeStatsRequest;
import io.csi4j.proto.csi.v1.NodeGetVolumeStatsResponse;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What a node does every now and then: statistics, republishing, asking how much it may take. */
final class Upkeep {
  private static final Duration SYNC = Duration.ofMinutes(1);

  private final NodeOptions options;
  private final View view;
  private final Plugins plugins;
  private final Actual actual;
  private final Operations operations;
  private final Mounting mounting;
  private final NodeObjects objects;
  private final PodStatuses statuses;
  private final Map<String, Instant> done = new HashMap<>();
  private final Set<String> asked = new HashSet<>();

  /** Written by operations. */
  private final Map<MountKey, VolumeStats> stats = new ConcurrentHashMap<>();

  Upkeep(NodeOptions options, NodeTools tools, Mounting mounting) {
    this.options = options;
    this.view = tools.view();
    this.plugins = tools.plugins();
    this.actual = tools.actual();
    this.operations = tools.operations();
    this.mounting = mounting;
    this.objects = tools.objects();
    this.statuses = tools.statuses();
  }

  /** Returns when it wants to be called again at the latest. */
  Instant pass(Collection<Mountable> mounted, Instant now) {
    var next = ActorTime.NEVER;
    for (var wanted : mounted) {
      next =
          Attempts.earlier(
              next, every(SYNC, "stats/" + wanted.key(), now, () -> stats(wanted, now)));
      var driver = view.driver(wanted.spec().driver());
      if (driver.requiresRepublish() && !wanted.spec().block()) {
        next =
            Attempts.earlier(
                next, every(SYNC, "republish/" + wanted.key(), now, () -> republish(wanted, now)));
      }
    }
    for (var driver : plugins.names()) {
      var seconds = view.driver(driver).allocatableUpdateSeconds();
      if (seconds > 0) {
        next =
            Attempts.earlier(
                next,
                every(
                    Duration.ofSeconds(seconds),
                    "info/" + driver,
                    now,
                    () -> askAgain(driver, now)));
      }
    }
    return next;
  }

  /** Not at once, but when the period is over, again and again. */
  private Instant every(Duration period, String key, Instant now, Runnable work) {
    var last = done.computeIfAbsent(key, _ -> now);
    if (!now.isBefore(last.plus(period))) {
      done.put(key, now);
      work.run();
      return now.plus(period);
    }
    return last.plus(period);
  }

  private void republish(Mountable wanted, Instant now) {
    var unique = wanted.spec().unique();
    operations.start(
        new Operation(
            "republish/" + wanted.key(),
            () -> actual.takeMount(wanted.key(), unique),
            () -> mounting.publish(wanted),
            () -> actual.leaveMount(wanted.key(), unique),
            _ -> {}),
        now);
  }

  private void stats(Mountable wanted, Instant now) {
    operations.start(
        Operation.free("stats/" + wanted.key(), () -> readStats(wanted), _ -> {}), now);
  }

  private OpResult readStats(Mountable wanted) {
    var service = plugins.service(wanted.spec().driver());
    if (service.isEmpty()
        || !(service.get().traits() instanceof CsiAnswer.Done<NodeTraits>(var traits))
        || !traits.tellsStats()) {
      return new OpResult.Done();
    }
    var target = new NodePaths(options.root()).target(wanted.pod().uid(), wanted.spec());
    var request =
        NodeGetVolumeStatsRequest.newBuilder()
            .setVolumeId(wanted.spec().handle())
            .setVolumePath(target.toString())
            .build();
    return switch (service.get().stats(request)) {
      case CsiAnswer.Failed<NodeGetVolumeStatsResponse> failed ->
          new OpResult.Failed(failed.text());
      case CsiAnswer.Done<NodeGetVolumeStatsResponse>(var response) -> {
        var claim = wanted.podVolume().claimName(wanted.pod().name());
        var read = VolumeStats.of(wanted.pod().namespace(), claim, response);
        read.ifPresent(each -> stats.put(wanted.key(), each));
        yield read.isPresent()
            ? new OpResult.Done()
            : new OpResult.Failed("the driver tells no usage of " + wanted.spec().handle());
      }
    };
  }

  List<VolumeStats> stats() {
    return List.copyOf(stats.values());
  }

  /** A driver that says that the node is full is asked at once; the pod must go elsewhere. */
  void rejectWhatIsTooMuch(Collection<Mountable> wanted, Instant now) {
    for (var each : wanted) {
      var spec = each.spec();
      var name = VolumeNames.attachment(spec.handle(), spec.driver(), options.name());
      var full =
          view.driver(spec.driver()).allocatableUpdateSeconds() > 0
              && view.attachment(name).filter(Upkeep::full).isPresent();
      if (full && asked.add(name + each.pod().uid())) {
        askAgain(spec.driver(), now);
        operations.start(
            Operation.free(
                "reject/" + each.pod().uid(),
                () -> {
                  statuses.rejected(each.pod(), "VolumeAttachmentLimitExceeded");
                  return new OpResult.Done();
                },
                _ -> {}),
            now);
      }
    }
  }

  private static boolean full(Attachment attachment) {
    return !attachment.attached()
        && attachment.attachErrorCode() == Status.Code.RESOURCE_EXHAUSTED.value();
  }

  private void askAgain(String driver, Instant now) {
    operations.start(
        Operation.free(
            "info/" + driver,
            () -> {
              var service = plugins.service(driver);
              if (service.isEmpty()) {
                return OpResult.notRegistered(driver);
              }
              return switch (service.get().info()) {
                case CsiAnswer.Failed<NodeGetInfoResponse> failed ->
                    new OpResult.Failed(failed.text());
                case CsiAnswer.Done<NodeGetInfoResponse>(var info) -> {
                  var problem = objects.register(driver, info);
                  yield problem.isEmpty() ? new OpResult.Done() : new OpResult.Failed(problem);
                }
              };
            },
            _ -> {}),
        now);
  }
}
