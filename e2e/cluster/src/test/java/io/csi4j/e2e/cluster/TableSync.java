package io.csi4j.e2e.cluster;

import io.csi4j.sidecars.kit.cluster.ApiCluster;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.KubeConfig;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.time.SystemTime;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Syncs three tables and says what that took; a program of its own, so that nothing else is
 * counted.
 */
final class TableSync {
  private TableSync() {}

  public static void main(String[] args) throws Exception {
    try (var time = new SystemTime();
        var cluster = new ApiCluster(KubeConfig.load(args[0]), "sync", time)) {
      var claims = cluster.table(Claim.KIND);
      var volumes = cluster.table(Volume.KIND);
      var attachments = cluster.table(Attachment.KIND);
      cluster.start();
      cluster.awaitSynced();
      var sinceStart = ManagementFactory.getRuntimeMXBean().getUptime();
      var cpu = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
      time.sleep(Duration.ofSeconds(3));
      var resident = resident();
      System.gc();
      var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      System.out.printf(
          "%d objects in tables: synced %d ms after the JVM's start, %.1f CPU s, RSS %d MiB, live heap %d MiB%n",
          claims.all().size() + volumes.all().size() + attachments.all().size(),
          sinceStart,
          cpu.toMillis() / 1e3,
          resident / 1024,
          heap >> 20);
    }
  }

  private static long resident() throws Exception {
    for (var line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    return 0;
  }
}
