package io.csi4j.e2e.cluster;

import io.csi4j.sidecars.kit.cluster.ApiCluster;
import io.csi4j.sidecars.kit.cluster.Pod;
import io.csi4j.sidecars.kit.lease.Election;
import io.csi4j.sidecars.kit.lease.ElectionOptions;
import io.csi4j.sidecars.kit.lease.LeaseTiming;
import io.csi4j.sidecars.kit.lease.OnLoss;
import io.csi4j.sidecars.kit.time.SystemTime;
import io.fabric8.kubernetes.client.Config;
import java.io.File;
import java.util.Map;

/** A replica of ours as a process that can be killed; says what the Go one says. */
final class JavaReplica {
  private JavaReplica() {}

  /** Arguments: kubeconfig, namespace, lease, identity. */
  public static void main(String[] args) throws InterruptedException {
    var options =
        new ElectionOptions(true, args[1], LeaseTiming.DEFAULT, Map.of(), OnLoss.STEP_DOWN);
    var config = Config.fromKubeconfig(new File(args[0]));
    try (var time = new SystemTime();
        var election = new Election(options, time, new Pod(args[3], args[1]))) {
      var main = Thread.currentThread();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(election, main)));
      election.lead(
          args[2],
          limit -> new ApiCluster(config, "csi4j-test", time, limit),
          term -> {
            say("leads");
            term.awaitEnd();
            say("ends");
          });
    }
  }

  private static void end(Election election, Thread main) {
    election.close();
    try {
      main.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void say(String what) {
    System.out.printf("%s %d%n", what, System.currentTimeMillis());
  }
}
