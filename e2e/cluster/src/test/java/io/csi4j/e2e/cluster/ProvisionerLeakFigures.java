package io.csi4j.e2e.cluster;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The provisioner is killed again and again in the middle of its work, and claims are deleted while
 * nobody looks after them. After each death every volume of the driver must have an object or an
 * intent; in the end there is one volume for each claim, and no intent is left. Run by {@code
 * ./mvnw -Pfigures -pl e2e/cluster -am -Dtest=ProvisionerLeakFigures -Dcsi4j.rounds=300 verify};
 * what it needs says {@link LoadCluster}.
 */
@Tag("figures")
class ProvisionerLeakFigures {
  private static final int ROUNDS = Integer.getInteger("csi4j.rounds", 300);
  private static final int CLAIMS = 12;
  private static final Path LOG = Path.of("target", "e2e", "leak-provisioner.log");

  private final long seed = Long.getLong("csi4j.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @Test
  void every_volume_has_an_object_or_an_intent_after_every_death() throws Exception {
    System.out.println("seed " + seed);
    var socket = Files.createTempDirectory("csi4j").resolve("csi.sock");
    Files.deleteIfExists(LOG);
    var begun = 0;
    var started = System.nanoTime();
    try (var cluster = new LoadCluster();
        var driver = InstantDriver.start(socket)) {
      driver.millisMax = 60;
      var alive = new ArrayList<String>();
      for (var round = 0; round < ROUNDS; round++) {
        begun += round(cluster, driver, socket, new Round(round, alive));
        if (round % 20 == 19) {
          System.out.printf("%d rounds clean, %d claims alive%n", round + 1, alive.size());
        }
      }
      driver.millisMax = 0;
      settle(cluster, driver, socket, alive);
      System.out.printf(
          "%d deaths in %.0f s; intents or calls were under way in %d of them; CreateVolume %d,"
              + " DeleteVolume %d; in the end %d claims, %d volumes of the driver, %d objects, %d"
              + " intents%n",
          ROUNDS,
          (System.nanoTime() - started) / 1e9,
          begun,
          driver.creates.get(),
          driver.deletes.get(),
          alive.size(),
          driver.volumes().size(),
          cluster.volumes().size(),
          cluster.intents().size());
    }
  }

  /** {@code alive} are the claims that nobody has deleted. */
  private record Round(int number, List<String> alive) {}

  /** Says whether it died with something unfinished. */
  private int round(LoadCluster cluster, InstantDriver driver, Path socket, Round round)
      throws Exception {
    try (var sidecar = start(cluster, socket)) {
      var names =
          IntStream.range(0, CLAIMS).mapToObj(i -> "r%d-%d".formatted(round.number(), i)).toList();
      LoadCluster.forEach(
          names, name -> cluster.client.resource(LoadCluster.claim(name, false)).create());
      round.alive().addAll(names);
      var started = sidecar.says("started");
      // Its start takes most of a second, its work little: half of the deaths shall be in the work.
      if (!started && random.nextBoolean()) {
        await()
            .atMost(ofMinutes(3))
            .pollInterval(ofMillis(5))
            .until(() -> sidecar.says("provisioned"));
      }
      TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
      deleteSome(cluster, round.alive(), CLAIMS / 3);
      TimeUnit.MILLISECONDS.sleep(random.nextInt(200));
      sidecar.kill();
    }
    // Nobody makes or deletes volumes now, but a call that the driver is still working on.
    TimeUnit.MILLISECONDS.sleep(150);
    var volumes = driver.volumes();
    var intents = cluster.intents();
    var known = cluster.volumes();
    known.addAll(intents);
    assertThat(known).as("round %d of seed %d", round.number(), seed).containsAll(volumes);
    deleteSome(cluster, round.alive(), CLAIMS / 3);
    return intents.isEmpty() ? 0 : 1;
  }

  private void settle(LoadCluster cluster, InstantDriver driver, Path socket, List<String> alive)
      throws Exception {
    try (var _ = start(cluster, socket)) {
      await()
          .atMost(ofMinutes(3))
          .pollInterval(ofMillis(500))
          .untilAsserted(
              () -> {
                assertThat(cluster.volumes()).hasSize(alive.size());
                assertThat(driver.volumes()).isEqualTo(cluster.volumes());
                assertThat(cluster.intents()).isEmpty();
              });
    }
  }

  private void deleteSome(LoadCluster cluster, List<String> alive, int count) throws Exception {
    var doomed = new ArrayList<String>();
    for (var i = 0; i < count && !alive.isEmpty(); i++) {
      doomed.add(alive.remove(random.nextInt(alive.size())));
    }
    LoadCluster.forEach(
        doomed,
        name ->
            cluster
                .client
                .persistentVolumeClaims()
                .inNamespace(LoadCluster.NAMESPACE)
                .withName(name)
                .delete());
  }

  private static Sidecar start(LoadCluster cluster, Path socket) throws Exception {
    return Sidecar.start(
        LOG.resolveSibling("leak-provisioner-%d.log".formatted(System.nanoTime())),
        "provisioner",
        "--csi-address=" + socket,
        "--kubeconfig=" + cluster.kubeconfig());
  }
}
