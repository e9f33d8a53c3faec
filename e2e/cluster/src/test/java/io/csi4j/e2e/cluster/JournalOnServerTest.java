package io.csi4j.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.csi4j.sidecars.kit.cluster.ApiCluster;
import io.csi4j.sidecars.kit.doors.Intent;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.journal.ConfigMapJournal;
import io.csi4j.sidecars.kit.time.SystemTime;
import io.fabric8.kubernetes.client.Config;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The journal at a real API server, with two writers that get into each other's way. */
@Tag("cluster")
class JournalOnServerTest {
  private static final int INTENTS = 300;

  @Test
  void given_two_writers_at_once_then_all_their_intents_are_there() throws InterruptedException {
    var kubeconfig =
        System.getProperty(
            "csi4j.kubeconfig",
            ClusterUnderTest.stateFolder("csi4j").resolve("admin.kubeconfig").toString());
    var lease = new ObjectKey("default", "journal-" + System.currentTimeMillis());
    try (var time = new SystemTime();
        var cluster =
            new ApiCluster(Config.fromKubeconfig(new File(kubeconfig)), "csi4j-test", time)) {
      var writers =
          List.of(
              new ConfigMapJournal(cluster, time, lease),
              new ConfigMapJournal(cluster, time, lease));
      var threads = new ArrayList<Thread>();
      var start = System.nanoTime();
      for (var i = 0; i < INTENTS; i++) {
        var intent = intent("pvc-" + i);
        var writer = writers.get(i % writers.size());
        threads.add(Thread.ofVirtual().start(() -> open(writer, intent)));
      }
      for (var thread : threads) {
        thread.join();
      }
      System.out.printf(
          "%d intents by two writers: %d ms%n", INTENTS, (System.nanoTime() - start) / 1_000_000);

      assertThat(new ConfigMapJournal(cluster, time, lease).pending()).hasSize(INTENTS);
    }
  }

  /** As a reconcile that failed: again. */
  private static void open(ConfigMapJournal journal, Intent intent) {
    for (var tries = 1; ; tries++) {
      try {
        journal.open(intent);
        return;
      } catch (io.csi4j.sidecars.kit.doors.ApiFailure.Conflict e) {
        if (tries == 10) {
          throw e;
        }
      }
    }
  }

  private static Intent intent(String name) {
    return new Intent(
        name,
        new Intent.Claimant(new ObjectKey("default", name), "uid"),
        ByteString.copyFrom(new byte[500]),
        List.of());
  }
}
