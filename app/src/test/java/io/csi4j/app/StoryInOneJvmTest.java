package io.csi4j.app;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.driver.framework.syscall.LoopDevices;
import io.csi4j.driver.framework.syscall.MountTable;
import io.csi4j.driver.framework.syscall.NativeThreads;
import io.csi4j.e2e.sandbox.Sandbox;
import io.csi4j.e2e.sandbox.actors.Actors;
import io.csi4j.e2e.sandbox.actors.ActorsOptions;
import io.csi4j.e2e.sandbox.actors.cluster.Client;
import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.cluster.Mirror;
import io.csi4j.e2e.sandbox.actors.history.Invariants;
import io.csi4j.e2e.sandbox.actors.history.Timeline;
import io.csi4j.e2e.sandbox.actors.loop.Kills;
import io.csi4j.e2e.sandbox.actors.node.NodeOptions;
import io.csi4j.e2e.sandbox.actors.node.PodWork;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.sidecars.attacher.Attacher;
import io.csi4j.sidecars.kit.component.Component;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.time.SystemTime;
import io.csi4j.sidecars.provisioner.Provisioner;
import io.csi4j.sidecars.registrar.Registrar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * From a claim to a file and back with all our parts in one JVM: the sandbox for a cluster, its
 * actors for the rest of Kubernetes, and the sidecars and the driver as they are.
 */
class StoryInOneJvmTest {
  private static final String DRIVER = "local.csi4j.io";
  private static final Path REPORTS = Path.of("target", "story");

  private final SystemTime time = new SystemTime();
  private final List<Component> parts = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Sandbox sandbox = Sandbox.start();
  private Path root = Path.of("");
  private Actors actors;
  private Client user;

  @BeforeEach
  void startsEverything() throws Exception {
    assumeThat(System.getProperty("user.name"))
        .as("left out: mounting needs root")
        .isEqualTo("root");
    assumeThat(Files.isWritable(Path.of("/dev/loop-control")))
        .as("left out: this machine has no loop devices")
        .isTrue();
    root = Files.createTempDirectory(Path.of("/tmp"), "story");
    PodWork work =
        pod -> {
          var volume = Optional.ofNullable(pod.volumes().get("data")).orElseThrow();
          Files.writeString(volume.resolve("file"), "kept\n");
          return PodWork.End.NONE;
        };
    actors = Actors.start(sandbox, ActorsOptions.of(NodeOptions.of("n1", root).withWork(work)));
    user = new Client("user", "user", sandbox::serve, sandbox.token(), new Mirror(), new Kills());
    var tap = actors.tap("n1", root.resolve("csi.sock"), root.resolve("driver.sock"));
    var kubeconfig = Files.writeString(root.resolve("kubeconfig"), sandbox.kubeconfig());
    object(Kind.DRIVER, DRIVER, "{\"spec\":{\"attachRequired\":true,\"fsGroupPolicy\":\"File\"}}");
    run(
        LocalDriverComponent.of(
            flags(
                "--endpoint=unix://" + root.resolve("driver.sock"),
                "--nodeid=n1",
                "--statedir=" + Files.createDirectories(root.resolve("state")),
                "--enable-attach"),
            time));
    run(
        Registrar.of(
            flags(
                "--csi-address=" + tap.socket(),
                "--kubelet-registration-path=" + tap.socket(),
                "--plugin-registration-path=" + actors.node("n1").registry()),
            time));
    run(Provisioner.of(flags("--csi-address=" + tap.socket(), "--kubeconfig=" + kubeconfig), time));
    run(Attacher.of(flags("--csi-address=" + tap.socket(), "--kubeconfig=" + kubeconfig), time));
    eventually(
        "the driver is registered",
        () ->
            assertThat(Json.at(user.get(Kind.CSI_NODE, "", "n1").orElseThrow(), "spec", "drivers"))
                .isNotEmpty());
  }

  private static Flags flags(String... args) {
    return Flags.parse(List.of(args));
  }

  private void run(Component part) {
    parts.add(part);
    threads.add(
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    part.run();
                  } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                  }
                }));
  }

  @AfterEach
  void endsEverything() throws Exception {
    parts.reversed().forEach(Component::close);
    for (var thread : threads) {
      thread.join();
    }
    if (actors != null) {
      actors.close();
    }
    sandbox.close();
    time.close();
    if (!root.toString().isEmpty()) {
      try (var files = Files.walk(root)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Immediate", "WaitForFirstConsumer"})
  void given_a_claim_and_a_pod_then_a_file_is_written_and_all_goes_with_the_claim(String mode)
      throws Exception {
    var begin = actors.time().instant();
    object(
        Kind.CLASS,
        "story",
        "{\"provisioner\":\"%s\",\"volumeBindingMode\":\"%s\",\"parameters\":{\"csi.storage.k8s.io/fstype\":\"ext4\"}}"
            .formatted(DRIVER, mode));
    object(
        Kind.CLAIM,
        "story",
        "{\"spec\":{\"storageClassName\":\"story\",\"accessModes\":[\"ReadWriteOnce\"],\"resources\":{\"requests\":{\"storage\":\"64Mi\"}}}}");
    var pod =
        object(
            Kind.POD,
            "writer",
            "{\"spec\":{\"containers\":[{\"name\":\"main\",\"image\":\"none:1\"}],\"volumes\":[{\"name\":\"data\",\"persistentVolumeClaim\":{\"claimName\":\"story\"}}]}}");
    eventually(
        "the pod runs",
        () ->
            assertThat(
                    Json.text(
                        user.get(Kind.POD, "default", "writer").orElseThrow(), "status", "phase"))
                .isEqualTo("Running"));
    var volumes = root.resolve("pods/%s/volumes/kubernetes.io~csi".formatted(uid(pod)));
    try (var found = Files.list(volumes)) {
      assertThat(found.findFirst().orElseThrow().resolve("mount/file"))
          .content()
          .isEqualTo("kept\n");
    }
    assertThat(mounts()).isNotEmpty();

    user.delete(Kind.POD, "default", "writer", uid(pod));
    user.delete(
        Kind.CLAIM,
        "default",
        "story",
        uid(user.get(Kind.CLAIM, "default", "story").orElseThrow()));

    eventually("nothing is left", this::nothingIsLeft);
    report(
        mode, Timeline.text("One JVM, binding mode " + mode, Timeline.of(actors.history(), begin)));
    assertThat(Invariants.check(actors.history())).as(actors.history().text()).isEmpty();
  }

  private void nothingIsLeft() throws IOException {
    assertThat(user.get(Kind.CLAIM, "default", "story")).isEmpty();
    assertThat(actors.view().volumes()).isEmpty();
    assertThat(actors.view().attachments()).isEmpty();
    assertThat(mounts()).isEmpty();
    try (var threadsOfTest = new NativeThreads("test", 1)) {
      assertThat(new LoopDevices(threadsOfTest).attached(path -> path.startsWith(root))).isEmpty();
    }
    try (var files = Files.walk(root.resolve("state"))) {
      assertThat(
              files.filter(Files::isRegularFile).filter(file -> file.toFile().length() >= 64 << 20))
          .isEmpty();
    }
  }

  private List<String> mounts() {
    return MountTable.read().entries().stream()
        .map(entry -> entry.point().toString())
        .filter(point -> point.startsWith(root.toString()))
        .toList();
  }

  private ObjectNode object(Kind kind, String name, String rest) {
    var object = kind.named("default", name);
    Json.parseObject(rest).properties().forEach(each -> object.set(each.getKey(), each.getValue()));
    return user.create(kind, object);
  }

  private static String uid(ObjectNode object) {
    return Json.text(object, "metadata", "uid");
  }

  private void eventually(String what, ThrowingRunnable claim) {
    try {
      await(what)
          .atMost(ofSeconds(60))
          .pollDelay(ofMillis(0))
          .pollInterval(ofMillis(20))
          .ignoreExceptions()
          .untilAsserted(claim);
    } catch (RuntimeException e) {
      throw new AssertionError(what + "\n" + actors.history().text(), e);
    }
  }

  private static void report(String mode, String text) throws IOException {
    Files.createDirectories(REPORTS);
    Files.writeString(REPORTS.resolve("timeline-" + mode + ".txt"), text);
    System.out.print(text);
  }
}
