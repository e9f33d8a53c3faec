package io.csi4j.sidecars.kit.lease;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.FakeCluster;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.metrics.Metrics;
import io.csi4j.sidecars.kit.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Two replicas that want one lease, in one virtual time. */
class ElectorStage {

  static final ObjectKey LEASE = new ObjectKey("kube-system", "disk-example-com");

  final ManualTime time = new ManualTime();
  final FakeCluster cluster = new FakeCluster();
  final Metrics metrics = new Metrics(time.now());
  final LeaseMetrics leases = new LeaseMetrics(metrics);
  final Replica a = new Replica("a", OnLoss.STEP_DOWN);
  final Replica b = new Replica("b", OnLoss.STEP_DOWN);

  Elector elector(String identity, OnLoss onLoss) {
    return new Elector(
        cluster,
        time,
        new Candidate(LEASE, identity, Map.of("ours", "2")),
        LeaseTiming.DEFAULT,
        onLoss,
        leases);
  }

  void unreachableFor(Duration duration) {
    var end = time.nanos() + duration.toNanos();
    var lost =
        (FakeCluster.Hook)
            request -> {
              if (time.nanos() < end) {
                throw new ApiFailure.Unreachable(request + ": down", null);
              }
            };
    cluster.before = lost;
    time.pass(duration);
  }

  void others(Consumer<ObjectNode> change) {
    cluster.change(Lease.KIND, LEASE, lease -> change.accept(lease.withObjectProperty("spec")));
  }

  ObjectNode spec() {
    return (ObjectNode) cluster.get(Lease.KIND, LEASE).path("spec");
  }

  String holder() {
    return spec().path("holderIdentity").asText();
  }

  Duration lastChange() {
    return Duration.between(Instant.EPOCH, Instant.parse(spec().path("renewTime").asText()));
  }

  /** One process that wants to lead. */
  final class Replica {
    private final String identity;
    final Elector elector;
    final List<Leadership> terms = new ArrayList<>();
    private final List<Duration> won = new ArrayList<>();
    private final List<Duration> ended = new ArrayList<>();
    Duration lingers = Duration.ZERO;
    boolean returned;
    private boolean dead;
    @Nullable Throwable failure;

    Replica(String identity, OnLoss onLoss) {
      this.identity = identity;
      this.elector = elector(identity, onLoss);
    }

    void enters() {
      time.spawn(identity, this::run);
      time.settle();
      time.pass(Duration.ZERO);
    }

    private void run() {
      try {
        elector.lead(this::work);
        returned = true;
      } catch (InterruptedException | Fatal e) {
        failure = e;
      }
    }

    private void work(Leadership term) {
      terms.add(term);
      won.add(Duration.ofNanos(time.nanos()));
      term.awaitEnd();
      ended.add(Duration.ofNanos(time.nanos()));
      if (!lingers.isZero()) {
        time.sleep(lingers);
      }
    }

    void closes() {
      elector.close();
      time.settle();
    }

    /** As by a power cut: none of its requests leaves any more. */
    void dies() {
      dead = true;
      var others = cluster.before;
      cluster.before =
          request -> {
            if (dead && isMine(Thread.currentThread().getName())) {
              throw new ApiFailure.Unreachable("dead", null);
            }
            others.at(request);
          };
    }

    private boolean isMine(String fiber) {
      return fiber.equals(identity) || fiber.equals("csi4j-lease-renewal-" + identity);
    }

    boolean leads() {
      return !terms.isEmpty() && terms.getLast().holds();
    }

    Duration wonAt(int term) {
      return won.get(term);
    }

    Duration endedAt(int term) {
      return ended.get(term);
    }
  }
}
