package io.csi4j.app.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.csi4j.app.demo.Storage.Folders;
import io.csi4j.app.demo.Storage.Images;
import io.csi4j.app.demo.Venue.ClassOfStory.Binding;
import io.csi4j.app.logging.Verbosity;
import io.csi4j.driver.framework.server.CallObserver;
import io.csi4j.driver.framework.server.CsiServer;
import io.csi4j.driver.framework.server.Endpoint;
import io.csi4j.driver.framework.server.ServerSettings;
import io.csi4j.driver.framework.syscall.SystemClocks;
import io.csi4j.driver.local.LocalDriver;
import io.csi4j.driver.local.LocalDriverOptions;
import io.csi4j.e2e.sandbox.Sandbox;
import io.csi4j.e2e.sandbox.actors.Actors;
import io.csi4j.e2e.sandbox.actors.ActorsOptions;
import io.csi4j.e2e.sandbox.actors.csi.CsiFault;
import io.csi4j.e2e.sandbox.actors.csi.CsiTap;
import io.csi4j.e2e.sandbox.actors.history.Invariants;
import io.csi4j.e2e.sandbox.actors.node.NodeOptions;
import io.csi4j.sidecars.attacher.Attacher;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.provisioner.Provisioner;
import io.csi4j.sidecars.registrar.Registrar;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** A Kubernetes in this process, with the driver and the sidecars as they are. */
final class SandboxVenue implements Venue {
  private static final String DRIVER = "local.csi4j.io";
  private static final String CLASS = "csi4j-demo";
  private static final String NODE = "node-a";
  private static final long IMAGE_BYTES = 64L << 20;

  /** How long parts may take to begin, on a machine that is very busy. */
  static final Duration BEGINNING = Duration.ofSeconds(60);

  private static final Duration PAUSE = Duration.ofMillis(15);

  private final DemoOptions options;
  private final Time time;
  private final Patience patience;
  private final DemoFolder folder;
  private final Storage storage;
  private final List<String> removed;
  private final LogTail log;
  private final PartsOfDemo parts;
  private final PlayedContainers containers = new PlayedContainers();

  /** What is to be closed, in the order of opening. */
  private final List<AutoCloseable> opened = new ArrayList<>();

  /** All there after {@link #open}. */
  private Optional<Stage> stage = Optional.empty();

  /** What there is once everything runs. */
  private record Stage(Actors actors, CsiTap tap, Api api, DriverDesk desk, SandboxCrash crash) {}

  private SandboxVenue(DemoOptions options, Time time, Stop stop, DemoFolder folder)
      throws IOException {
    this.options = options;
    this.time = time;
    this.folder = folder;
    this.removed = DemoFolder.removeAbandoned();
    this.log = LogTail.to(options.log().orElseGet(() -> folder.path().resolve("log")));
    this.storage =
        options.folders() ? new Folders("as --folders asks for") : Storage.tryOut(folder.path());
    this.parts = new PartsOfDemo(time);
    this.patience =
        new Patience(time, options.stepLimit(), PAUSE, stop.with(parts::failure, this::complaints));
  }

  static SandboxVenue of(DemoOptions options, Time time, Stop stop) throws IOException {
    var folder = DemoFolder.make();
    try {
      return new SandboxVenue(options, time, stop, folder);
    } catch (IOException | RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  @Override
  public List<String> announcements() {
    var lines = new ArrayList<>(removed);
    lines.add(
        "csi4j demo: a Kubernetes API, a CSI driver and its sidecars, all in this process; all"
            + " files are in "
            + folder.path());
    lines.add(
        switch (storage) {
          case Images() -> "Volumes are ext4 images, mounted by loop devices.";
          case Folders(var why) ->
              "Volumes are folders, and nothing is mounted: %s.".formatted(why);
        });
    return lines;
  }

  @Override
  public Step.Seen open() throws Exception {
    Verbosity.into(log.stream());
    opened.add(() -> Verbosity.into(System.err));
    var sandbox = opened(Sandbox.start());
    var node = NodeOptions.of(NODE, folder.path()).withWork(containers);
    var actors = opened(Actors.start(sandbox, ActorsOptions.of(node)));
    var tap = actors.tap(NODE, folder.path().resolve("csi.sock"), driverSocket());
    options
        .fail()
        .ifPresent(
            method ->
                actors
                    .csiFaults()
                    .next(
                        Integer.MAX_VALUE,
                        method,
                        new CsiFault.Fail(Status.Code.INTERNAL, "refused, as --fail asks for")));
    opened.add(startDriver());
    var desk = opened(new DriverDesk());
    var api = opened(Api.of(kubeconfig("kubeconfig", sandbox.token(), sandbox), "default"));
    opened.add(parts);
    stage = Optional.of(new Stage(actors, tap, api, desk, crash(sandbox, tap, api)));
    api.create(
        Thing.DRIVER,
        """
        {"apiVersion":"storage.k8s.io/v1","kind":"CSIDriver","metadata":{"name":"%s"},
         "spec":{"attachRequired":true,"fsGroupPolicy":"File"}}"""
            .formatted(DRIVER));
    api.create(Thing.CLASS, StoryObjects.storageClass(CLASS, DRIVER));
    startSidecars(sandbox, tap);
    actors.run(ResizerStandIn.NAME, each -> new ResizerStandIn(each, desk, tap.socket()));
    var beginning = patience.atLeast(BEGINNING);
    beginning.until(
        "driver %s is registered on %s".formatted(DRIVER, NODE),
        () -> api.find(Thing.CSI_NODE, NODE).filter(SandboxVenue::hasDriver).isPresent());
    beginning.until(
        "provisioner and attacher are at work",
        () -> log.hasSaid("csi4j-provisioner started") && log.hasSaid("csi4j-attacher started"));
    return Step.done(
        "API at %s, node %s, driver %s with registrar, provisioner, attacher"
            .formatted(sandbox.url(), NODE, DRIVER));
  }

  private static boolean hasDriver(JsonNode csiNode) {
    return Api.items(csiNode, "spec", "drivers")
        .anyMatch(each -> each.path("name").asText().equals(DRIVER));
  }

  private <T extends AutoCloseable> T opened(T part) {
    opened.add(part);
    return part;
  }

  private Path driverSocket() {
    return folder.path().resolve("driver.sock");
  }

  private Path pool() throws IOException {
    return Files.createDirectories(folder.path().resolve("state"));
  }

  private AutoCloseable startDriver() throws IOException {
    return switch (storage) {
      case Images() ->
          LocalDriver.start(
              LocalDriverOptions.of(NODE)
                  .withEndpoint("unix://" + driverSocket())
                  .withStateDir(pool())
                  .withAttach(0),
              CallObserver.NOBODY);
      case Folders _ ->
          CsiServer.start(
              ServerSettings.at(new Endpoint(driverSocket()), SystemClocks.nanos()),
              new FolderDriver(DRIVER, NODE, pool()).plugin());
    };
  }

  private void startSidecars(Sandbox sandbox, CsiTap tap) throws IOException {
    parts.start(
        "registrar",
        Registrar.of(
            flags(
                "--csi-address=" + tap.socket(),
                "--kubelet-registration-path=" + tap.socket(),
                "--plugin-registration-path=" + folder.path().resolve("plugins_registry")),
            time));
    parts.start(
        "attacher",
        Attacher.of(
            flags(
                "--csi-address=" + tap.socket(),
                "--kubeconfig=" + accountOf("csi4j-attacher", sandbox, api())),
            time));
    stage.orElseThrow().crash.startProvisioner();
  }

  private static Flags flags(String... args) {
    return Flags.parse(List.of(args));
  }

  private SandboxCrash crash(Sandbox sandbox, CsiTap tap, Api api) throws IOException {
    var account = accountOf("csi4j-provisioner", sandbox, api);
    var flags = List.of("--csi-address=" + tap.socket(), "--kubeconfig=" + account);
    return new SandboxCrash(
        this,
        folder,
        () -> parts.start("provisioner", Provisioner.of(Flags.parse(flags), time)),
        parts::end,
        flags);
  }

  /** A kubeconfig for a sidecar of its own, so that the timeline can tell who did what. */
  private Path accountOf(String name, Sandbox sandbox, Api api) throws IOException {
    api.create(
        Thing.ROLE_BINDING,
        """
        {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding",
         "metadata":{"name":"%1$s"},
         "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole",
          "name":"cluster-admin"},
         "subjects":[{"kind":"ServiceAccount","namespace":"kube-system","name":"%1$s"}]}"""
            .formatted(name));
    return Path.of(kubeconfig(name + ".kubeconfig", sandbox.token("kube-system", name), sandbox));
  }

  private String kubeconfig(String file, String token, Sandbox sandbox) throws IOException {
    return Files.writeString(folder.path().resolve(file), sandbox.kubeconfig(token)).toString();
  }

  @Override
  public Api api() {
    return stage.orElseThrow().api;
  }

  Actors actors() {
    return stage.orElseThrow().actors;
  }

  /** Asked of the driver itself. */
  List<String> volumesOfDriver() {
    return stage.orElseThrow().desk.volumes(driverSocket());
  }

  @Override
  public Patience patience() {
    return patience;
  }

  @Override
  public ClassOfStory storageClass() {
    return new ClassOfStory(CLASS, DRIVER, Binding.IMMEDIATE);
  }

  @Override
  public String podImage() {
    return "none";
  }

  @Override
  public String said(String pod) {
    return containers.said(pod);
  }

  @Override
  public Optional<Long> roomBytes(String pod) throws IOException {
    var volume = containers.volume(pod);
    return storage instanceof Images && volume.isPresent()
        ? Optional.of(Files.getFileStore(volume.get()).getTotalSpace())
        : Optional.empty();
  }

  @Override
  public Optional<String> grower() {
    return Optional.of("a stand-in of the demo: csi4j has no resizer yet");
  }

  @Override
  public Step.Seen crash() throws Exception {
    return stage.orElseThrow().crash.run();
  }

  @Override
  public List<String> leftovers() throws IOException {
    var left = new ArrayList<String>();
    volumesOfDriver().forEach(each -> left.add("volume " + each));
    folder.mounts().forEach(each -> left.add("mount " + each));
    folder.loopDevices().forEach(each -> left.add("loop device " + each));
    Invariants.check(actors().history()).forEach(each -> left.add("a broken rule: " + each));
    Predicate<Path> volume =
        file -> Files.isRegularFile(file) && file.toFile().length() >= IMAGE_BYTES;
    try (var files = Files.walk(pool())) {
      files.filter(volume).forEach(each -> left.add("file " + each));
    }
    return left;
  }

  @Override
  public String lookedAt() {
    return "no mount, loop device, file or volume of the driver is left";
  }

  @Override
  public List<String> called(Instant from, Instant to) {
    return stage
        .map(all -> CallSummary.of(all.actors.history().entries(), from, to))
        .orElse(List.of());
  }

  @Override
  public String busyWith() {
    return stage.map(all -> CallSummary.newest(all.actors.history().entries())).orElse("");
  }

  /** Warnings of the parts and of the cluster. */
  private List<String> complaints() {
    var lines = new ArrayList<String>();
    stage.ifPresent(all -> lines.addAll(Complaints.of(all.api, Set.of())));
    lines.addAll(log.troubles());
    return lines;
  }

  @Override
  public List<String> invitation() throws IOException {
    var example = folder.path().resolve("example.json");
    Files.writeString(
        example,
        """
        {"apiVersion":"v1","kind":"List","items":[
        %s,
        %s]}
        """
            .formatted(
                StoryObjects.claim("mine", CLASS, "64Mi"),
                StoryObjects.writer("mine", "mine", podImage(), Story.TEXT)));
    return List.of(
        "The cluster stays until Ctrl-C. In another shell:",
        "",
        "  export KUBECONFIG=" + folder.path().resolve("kubeconfig"),
        "  kubectl apply -f " + example + "     # a claim and a pod that writes to it",
        "  kubectl get pvc,pv,pods,volumeattachments",
        "  csi4j explain pvc default/mine --kubeconfig=$KUBECONFIG",
        "  kubectl delete -f " + example);
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (var part : opened.reversed()) {
      try {
        part.close();
      } catch (Exception e) {
        var another = new IOException("could not end %s: %s".formatted(part, e), e);
        if (failure == null) {
          failure = another;
        } else {
          failure.addSuppressed(another);
        }
      }
    }
    log.close();
    folder.close();
    if (failure != null) {
      throw failure;
    }
  }
}
