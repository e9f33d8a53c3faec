package io.csi4j.e2e.cluster;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Figures, not assertions: many claims at once through a provisioner with default flags and a
 * driver that takes no time. Cold is the first burst of a fresh process, warm the second; alone is
 * without a controller manager, on claims that it has handed over already. Run by {@code ./mvnw
 * -Pfigures -pl e2e/cluster -am -Dtest=ProvisionerLoadFigures verify}; what it needs says {@link
 * LoadCluster}. Another provisioner is measured with {@code -Dcsi4j.provisioner="/its/path
 * --its=flags"}.
 */
@Tag("figures")
class ProvisionerLoadFigures {
  private static final int CLAIMS = Integer.getInteger("csi4j.claims", 500);
  private static final Path REPORTS = Path.of("target", "e2e");
  private static final String[] OURS = {
    "POST persistentvolumes", "POST configmaps", "PUT configmaps", "POST events", "PATCH events"
  };

  private final List<String> lines = new ArrayList<>();

  @Test
  void claims_at_once() throws Exception {
    Files.createDirectories(REPORTS);
    var socket = Files.createTempDirectory("csi4j").resolve("csi.sock");
    try (var cluster = new LoadCluster();
        var driver = InstantDriver.start(socket);
        var sidecar = start(cluster, socket)) {
      for (var name : chosen("csi4j.bursts", "cold,warm,warm again")) {
        burst(name, cluster, driver, sidecar);
      }
      for (var name : chosen("csi4j.alone", "alone,alone again")) {
        alone(name, cluster, driver, sidecar);
      }
      say("resident at the end: %d MiB".formatted(sidecar.residentMiB()));
    } finally {
      say("load of the machine: " + Files.readString(Path.of("/proc/loadavg")).strip());
      Files.write(REPORTS.resolve("provisioner-load.txt"), lines);
    }
  }

  private static List<String> chosen(String property, String usual) {
    var given = System.getProperty(property, usual);
    return given.isEmpty() ? List.of() : List.of(given.split(",", -1));
  }

  private static Sidecar start(LoadCluster cluster, Path socket) throws Exception {
    var log = REPORTS.resolve("load-provisioner.log");
    Files.deleteIfExists(log);
    var sidecar =
        Sidecar.start(
            log, "provisioner", "--csi-address=" + socket, "--kubeconfig=" + cluster.kubeconfig());
    await()
        .atMost(ofMinutes(1))
        .pollInterval(ofMillis(50))
        .until(() -> sidecar.says("started") || sidecar.says("Started provisioner controller"));
    return sidecar;
  }

  private void burst(String name, LoadCluster cluster, InstantDriver driver, Sidecar sidecar)
      throws Exception {
    var claims = names(name);
    var created = new ConcurrentHashMap<String, Long>();
    var bound = new Bound();
    var requests = cluster.requests();
    var cpu = sidecar.cpuSeconds();
    var server = cluster.serverCpuSeconds();
    var creates = driver.creates.get();
    try (var _ =
        cluster.client.persistentVolumeClaims().inNamespace(LoadCluster.NAMESPACE).watch(bound)) {
      var begun = System.nanoTime();
      LoadCluster.forEach(
          claims,
          claim -> {
            created.put(claim, System.nanoTime());
            cluster.client.resource(LoadCluster.claim(claim, false)).create();
          });
      var posted = System.nanoTime();
      bound.await();
      var took = (bound.last() - begun) / 1e9;
      TimeUnit.SECONDS.sleep(2);
      say(
          "%s: %d claims bound in %.2f s, %.0f/s (creating them took %.2f s); p50 %d ms, p99 %d ms; CPU %.2f s, of the API server %.2f s; CreateVolume %.2f each"
              .formatted(
                  name,
                  CLAIMS,
                  took,
                  CLAIMS / took,
                  (posted - begun) / 1e9,
                  percentile(created, bound.nanos, 50),
                  percentile(created, bound.nanos, 99),
                  sidecar.cpuSeconds() - cpu,
                  cluster.serverCpuSeconds() - server,
                  (driver.creates.get() - creates) / (double) CLAIMS));
      say("  writes per claim: " + perClaim(requests, cluster.requests(), OURS));
    }
    delete(name, cluster, driver, sidecar);
  }

  private void delete(String name, LoadCluster cluster, InstantDriver driver, Sidecar sidecar)
      throws Exception {
    var gone = new Gone();
    var requests = cluster.requests();
    var cpu = sidecar.cpuSeconds();
    var deletes = driver.deletes.get();
    try (var _ = cluster.client.persistentVolumes().watch(gone)) {
      var begun = System.nanoTime();
      LoadCluster.forEach(
          names(name),
          claim ->
              cluster
                  .client
                  .persistentVolumeClaims()
                  .inNamespace(LoadCluster.NAMESPACE)
                  .withName(claim)
                  .delete());
      gone.await();
      var took = (System.nanoTime() - begun) / 1e9;
      TimeUnit.SECONDS.sleep(2);
      say(
          "%s: %d volumes deleted in %.2f s, %.0f/s; CPU %.2f s; DeleteVolume %.2f each"
              .formatted(
                  name,
                  CLAIMS,
                  took,
                  CLAIMS / took,
                  sidecar.cpuSeconds() - cpu,
                  (driver.deletes.get() - deletes) / (double) CLAIMS));
      say(
          "  writes per deletion: "
              + perClaim(
                  requests,
                  cluster.requests(),
                  "DELETE persistentvolumes",
                  "PATCH persistentvolumes",
                  "PUT persistentvolumes"));
    }
  }

  private void alone(String name, LoadCluster cluster, InstantDriver driver, Sidecar sidecar)
      throws Exception {
    cluster.signalControllers("STOP");
    try {
      // Claims first and their class last: so all become ours at one moment.
      cluster.deleteClass();
      LoadCluster.forEach(
          names(name), claim -> cluster.client.resource(LoadCluster.claim(claim, true)).create());
      TimeUnit.SECONDS.sleep(5);
      var stored = new Stored();
      var requests = cluster.requests();
      var cpu = sidecar.cpuSeconds();
      try (var _ = cluster.client.persistentVolumes().watch(stored)) {
        var begun = System.nanoTime();
        cluster.makeClass();
        stored.await();
        var took = (System.nanoTime() - begun) / 1e9;
        TimeUnit.SECONDS.sleep(2);
        say(
            "%s: %d volumes stored in %.2f s, %.0f/s; CPU %.2f s"
                .formatted(name, CLAIMS, took, CLAIMS / took, sidecar.cpuSeconds() - cpu));
        say("  writes per claim: " + perClaim(requests, cluster.requests(), OURS));
      }
    } finally {
      cluster.signalControllers("CONT");
    }
    await().atMost(ofMinutes(3)).pollInterval(ofMillis(500)).until(() -> cluster.bound() == CLAIMS);
    delete(name, cluster, driver, sidecar);
  }

  /** At once, so that a run that is cut short has said something. */
  private void say(String line) {
    lines.add(line);
    System.out.println(line);
  }

  private static List<String> names(String burst) {
    return IntStream.range(0, CLAIMS).mapToObj(i -> burst.replace(' ', '-') + "-" + i).toList();
  }

  private static String perClaim(
      Map<String, Long> before, Map<String, Long> after, String... verbs) {
    var text = new ArrayList<String>();
    for (var verb : verbs) {
      var count = after.getOrDefault(verb, 0L) - before.getOrDefault(verb, 0L);
      text.add("%s %.2f".formatted(verb, count / (double) CLAIMS));
    }
    return String.join(", ", text);
  }

  private static long percentile(Map<String, Long> from, Map<String, Long> to, int percent) {
    var millis =
        from.entrySet().stream()
            .map(each -> (to.getOrDefault(each.getKey(), 0L) - each.getValue()) / 1_000_000)
            .sorted()
            .toList();
    return millis.get(Math.min(millis.size() - 1, millis.size() * percent / 100));
  }

  private static final class Bound implements Watcher<PersistentVolumeClaim> {
    private final Map<String, Long> nanos = new ConcurrentHashMap<>(new HashMap<>());
    private final CountDownLatch left = new CountDownLatch(CLAIMS);

    @Override
    public void eventReceived(Action action, PersistentVolumeClaim claim) {
      if (claim.getStatus() != null
          && "Bound".equals(claim.getStatus().getPhase())
          && nanos.putIfAbsent(claim.getMetadata().getName(), System.nanoTime()) == null) {
        left.countDown();
      }
    }

    void await() throws InterruptedException {
      if (!left.await(5, TimeUnit.MINUTES)) {
        throw new IllegalStateException(left.getCount() + " claims are not bound");
      }
    }

    long last() {
      return nanos.values().stream().max(Long::compare).orElseThrow();
    }

    @Override
    public void onClose(@Nullable WatcherException cause) {}
  }

  private static final class Stored implements Watcher<PersistentVolume> {
    private final CountDownLatch left = new CountDownLatch(CLAIMS);

    @Override
    public void eventReceived(Action action, PersistentVolume volume) {
      if (action == Action.ADDED) {
        left.countDown();
      }
    }

    void await() throws InterruptedException {
      if (!left.await(5, TimeUnit.MINUTES)) {
        throw new IllegalStateException(left.getCount() + " volumes are not stored");
      }
    }

    @Override
    public void onClose(@Nullable WatcherException cause) {}
  }

  private static final class Gone implements Watcher<PersistentVolume> {
    private final CountDownLatch left = new CountDownLatch(CLAIMS);

    @Override
    public void eventReceived(Action action, PersistentVolume volume) {
      if (action == Action.DELETED) {
        left.countDown();
      }
    }

    void await() throws InterruptedException {
      if (!left.await(5, TimeUnit.MINUTES)) {
        throw new IllegalStateException(left.getCount() + " volumes are not gone");
      }
    }

    @Override
    public void onClose(@Nullable WatcherException cause) {}
  }
}
