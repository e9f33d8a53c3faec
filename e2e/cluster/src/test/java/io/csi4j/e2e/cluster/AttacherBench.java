package io.csi4j.e2e.cluster;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What figures of an attacher need: nodes and volumes on a real API server, and processes. */
final class AttacherBench implements AutoCloseable {
  static final Duration LONG = Duration.ofMinutes(3);
  static final int NODES = 50;
  private static final int NODES_MAX = 200;

  final ControlPlane controlPlane;
  final AttachLoad load;
  private final List<AttacherProcess> attachers = new ArrayList<>();
  private int nextVolume;

  AttacherBench(ControlPlane controlPlane) throws IOException, InterruptedException {
    this.controlPlane = controlPlane;
    load = new AttachLoad(controlPlane.kubeconfig());
    load.nodes(NODES_MAX);
    Files.createDirectories(FigureTable.REPORTS);
  }

  /** The first of that many new volumes. */
  int volumes(int count) throws InterruptedException {
    var from = nextVolume;
    nextVolume += count;
    load.volumes(from, nextVolume);
    return from;
  }

  static Path socket() throws IOException {
    return Files.createTempDirectory("csi4j").resolve("csi.sock");
  }

  AttacherProcess started(Path socket, String... flags) throws IOException {
    var attacher = start(socket, flags);
    await().atMost(LONG).until(attacher::started);
    return attacher;
  }

  AttacherProcess start(Path socket, String... flags) throws IOException {
    var log = FigureTable.REPORTS.resolve("attacher-%d.log".formatted(System.nanoTime()));
    var attacher = AttacherProcess.start(log, controlPlane.kubeconfig(), socket, flags);
    attachers.add(attacher);
    return attacher;
  }

  /** Of one figure. */
  void endAttachers() {
    attachers.forEach(AttacherProcess::close);
    attachers.clear();
  }

  @Override
  public void close() {
    endAttachers();
    load.close();
  }
}
