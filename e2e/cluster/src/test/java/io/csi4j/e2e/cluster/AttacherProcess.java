package io.csi4j.e2e.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@code csi4j attacher}, or another one, as a {@link Sidecar} of a control plane. */
final class AttacherProcess implements AutoCloseable {
  private static final Duration END_LIMIT = Duration.ofSeconds(40);

  private final Sidecar sidecar;

  private AttacherProcess(Sidecar sidecar) {
    this.sidecar = sidecar;
  }

  static AttacherProcess start(Path log, Path kubeconfig, Path socket, String... more)
      throws IOException {
    var args =
        new ArrayList<>(
            List.of("attacher", "--kubeconfig=" + kubeconfig, "--csi-address=" + socket));
    args.addAll(List.of(more));
    return new AttacherProcess(Sidecar.startOn(hostName(log), log, args.toArray(String[]::new)));
  }

  /** One for each: by it they are told apart where they stand for election. */
  private static String hostName(Path log) {
    return String.valueOf(log.getFileName()).replaceAll("[^A-Za-z0-9-]", "-");
  }

  boolean alive() {
    return sidecar.alive();
  }

  /** Ours says the first, the Go tool the second. */
  boolean started() throws IOException {
    return sidecar.says("csi4j-attacher started") || sidecar.says("Starting CSI attacher");
  }

  String log() throws IOException {
    return sidecar.log();
  }

  double cpuSeconds() throws IOException {
    return sidecar.cpuSeconds();
  }

  /** SIGTERM; the time until it has ended, and ended well. */
  Duration end() throws IOException, InterruptedException {
    var asked = System.nanoTime();
    sidecar.terminate();
    if (!sidecar.endsWell(END_LIMIT)) {
      sidecar.close();
      throw new IllegalStateException("the attacher did not end well; its log:\n" + log());
    }
    return Duration.ofNanos(System.nanoTime() - asked);
  }

  void kill() throws InterruptedException {
    sidecar.kill();
  }

  @Override
  public void close() {
    sidecar.close();
  }
}
