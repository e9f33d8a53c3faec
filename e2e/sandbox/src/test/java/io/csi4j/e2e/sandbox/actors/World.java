package io.csi4j.e2e.sandbox.actors;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.Sandbox;
import io.csi4j.e2e.sandbox.actors.attaching.AttachDetach.ForceDetach;
import io.csi4j.e2e.sandbox.actors.cluster.Client;
import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.cluster.Mirror;
import io.csi4j.e2e.sandbox.actors.csi.CsiCalls;
import io.csi4j.e2e.sandbox.actors.csi.EventLoop;
import io.csi4j.e2e.sandbox.actors.history.Invariants;
import io.csi4j.e2e.sandbox.actors.loop.Kills;
import io.csi4j.e2e.sandbox.actors.node.NodeOptions;
import io.csi4j.e2e.sandbox.actors.view.Attachment;
import io.csi4j.e2e.sandbox.actors.view.Claim;
import io.csi4j.e2e.sandbox.actors.view.Pod;
import io.csi4j.e2e.sandbox.actors.view.Volume;
import io.csi4j.e2e.sandbox.json.Json;
import io.grpc.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.awaitility.core.ThrowingRunnable;

/** A sandbox with actors, a driver in memory on each node, and stand-ins for its sidecars. */
final class World implements AutoCloseable {
  static final String DRIVER = "fake.csi4j.io";
  static final String PROVISIONER = "provisioner";
  static final String ATTACHER = "attacher";

  private final Path folder;
  private final Sandbox sandbox = Sandbox.start();
  private final EventLoop loop = new EventLoop();
  private final FakeDriver driver = new FakeDriver();
  private final FakeArray array;
  private final Actors actors;
  private final Client user;
  private final Map<String, FakeNode> nodes = new LinkedHashMap<>();
  private final Map<String, Server> registrations = new LinkedHashMap<>();
  private final Set<String> pardoned = new TreeSet<>();

  World() throws Exception {
    this(ForceDetach.AFTER_SIX_MINUTES);
  }

  World(ForceDetach force) throws Exception {
    folder = Files.createTempDirectory(Path.of("/tmp"), "w");
    array = new FakeArray(folder.resolve("array"));
    actors = Actors.start(sandbox, ActorsOptions.of().withForceDetach(force));
    user =
        new Client("tester", "tester", sandbox::serve, sandbox.token(), new Mirror(), new Kills());
    driver.serve(folder.resolve("c.sock"), new FakeController(array));
    var controller = actors.tap("controller", folder.resolve("tap.sock"), folder.resolve("c.sock"));
    var calls = new CsiCalls(loop);
    actors.run(
        PROVISIONER, parts -> new FakeProvisioner(DRIVER, parts, calls, controller.socket()));
    actors.run(ATTACHER, parts -> new FakeAttacher(DRIVER, parts, calls, controller.socket()));
  }

  /** A node with the driver, registered when this returns. */
  World node(String name) throws IOException {
    return node(name, options -> options, fake -> fake);
  }

  World node(String name, UnaryOperator<NodeOptions> with, UnaryOperator<FakeNode> traits)
      throws IOException {
    node(name, with, traits, true);
    return this;
  }

  MiniNode node(
      String name, UnaryOperator<NodeOptions> with, UnaryOperator<FakeNode> traits, boolean known)
      throws IOException {
    var root = Files.createDirectories(folder.resolve(name));
    var mini = actors.addNode(with.apply(NodeOptions.of(name, root)));
    var fake = traits.apply(new FakeNode(array, name).at(FakeController.TOPOLOGY, name));
    nodes.put(name, fake);
    driver.serve(root.resolve("d.sock"), fake);
    actors.tap(name, root.resolve("t.sock"), root.resolve("d.sock"));
    registrations.put(name, driver.register(mini.registry(), DRIVER, root.resolve("t.sock")));
    if (known) {
      eventually(
          "the driver is registered on " + name,
          () -> assertThat(csiNodeDrivers(name)).isNotEmpty());
    }
    return mini;
  }

  List<String> csiNodeDrivers(String node) {
    return user.get(Kind.CSI_NODE, "", node).stream()
        .flatMap(each -> Json.items(each, "spec", "drivers"))
        .map(each -> Json.text(each, "name"))
        .toList();
  }

  void unregister(String node) {
    Optional.ofNullable(registrations.get(node)).orElseThrow().shutdownNow();
  }

  FakeDriver driver() {
    return driver;
  }

  FakeNode fake(String node) {
    return Optional.ofNullable(nodes.get(node)).orElseThrow();
  }

  Actors actors() {
    return actors;
  }

  Sandbox sandbox() {
    return sandbox;
  }

  FakeArray array() {
    return array;
  }

  Client user() {
    return user;
  }

  ObjectNode create(Kind kind, String name, String rest) {
    var object = kind.named("default", name);
    Json.parseObject(rest).properties().forEach(each -> object.set(each.getKey(), each.getValue()));
    return user.create(kind, object);
  }

  void driverObject(String spec) {
    create(Kind.DRIVER, DRIVER, "{\"spec\":%s}".formatted(spec));
  }

  void storageClass(String name, String mode) {
    storageClass(name, mode, "\"reclaimPolicy\":\"Delete\"");
  }

  void storageClass(String name, String mode, String more) {
    create(
        Kind.CLASS,
        name,
        "{\"provisioner\":\"%s\",\"volumeBindingMode\":\"%s\",%s}".formatted(DRIVER, mode, more));
  }

  Claim claim(String name, String className) {
    return claim(name, className, "ReadWriteOnce", "");
  }

  Claim claim(String name, String className, String mode, String more) {
    return new Claim(
        create(
            Kind.CLAIM,
            name,
            "{\"spec\":{\"storageClassName\":\"%s\",\"accessModes\":[\"%s\"],\"resources\":{\"requests\":{\"storage\":\"1Gi\"}}%s}}"
                .formatted(className, mode, more)));
  }

  Pod pod(String name, String... claims) {
    return podWith(name, "", claims);
  }

  Pod podWith(String name, String more, String... claims) {
    var volumes = new ArrayList<String>();
    for (var claim : claims) {
      volumes.add(
          "{\"name\":\"%s\",\"persistentVolumeClaim\":{\"claimName\":\"%s\"}}"
              .formatted(claim, claim));
    }
    return podOf(name, more, volumes);
  }

  Pod podOf(String name, String more, List<String> volumes) {
    return new Pod(
        create(
            Kind.POD,
            name,
            "{\"spec\":{\"terminationGracePeriodSeconds\":0,\"containers\":[{\"name\":\"c\",\"image\":\"i:1\"}],\"volumes\":[%s]%s}}"
                .formatted(String.join(",", volumes), more)));
  }

  Optional<Pod> findPod(String name) {
    return user.get(Kind.POD, "default", name).map(Pod::new);
  }

  Optional<Claim> findClaim(String name) {
    return user.get(Kind.CLAIM, "default", name).map(Claim::new);
  }

  Volume volumeOf(String claim) {
    var name = findClaim(claim).orElseThrow().volumeName();
    return new Volume(user.get(Kind.VOLUME, "", name).orElseThrow());
  }

  List<Attachment> attachments() {
    return actors.view().attachments();
  }

  void delete(Kind kind, String name) {
    var object = user.get(kind, "default", name).orElseThrow();
    user.delete(kind, "default", name, Json.text(object, "metadata", "uid"));
  }

  /** As a user does: the pod ends in its own time. */
  void deletePod(String name) {
    var path = List.of("api", "v1", "namespaces", "default", "pods", name);
    var headers = Map.of("authorization", "Bearer " + sandbox.token());
    var body = "{\"gracePeriodSeconds\":30}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    sandbox.serve(new io.csi4j.e2e.sandbox.api.Request("DELETE", path, Map.of(), headers, body));
  }

  void runs(String pod) {
    eventually(
        pod + " runs", () -> assertThat(findPod(pod).orElseThrow().phase()).isEqualTo("Running"));
  }

  void gone(Kind kind, String name) {
    eventually(name + " is gone", () -> assertThat(user.get(kind, "default", name)).isEmpty());
  }

  boolean told(String object, String reason) {
    return actors
        .history()
        .writes()
        .flatMap(write -> write.change().stream())
        .filter(change -> change.shelf().equals("events"))
        .map(change -> change.after().object())
        .anyMatch(
            event ->
                Json.text(event, "involvedObject", "name").equals(object)
                    && Json.text(event, "reason").equals(reason));
  }

  void eventually(String what, ThrowingRunnable claim) {
    try {
      await(what)
          .atMost(ofSeconds(20))
          .pollDelay(ofMillis(0))
          .pollInterval(ofMillis(10))
          .ignoreExceptions()
          .untilAsserted(claim);
    } catch (RuntimeException e) {
      throw new AssertionError(what + "\n" + actors.history().text(), e);
    }
  }

  /** This scenario breaks an invariant on purpose. */
  void pardon(String invariant) {
    pardoned.add(invariant);
  }

  /** Every scenario ends with a look at the whole story. */
  @Override
  public void close() throws IOException {
    actors.close();
    driver.close();
    loop.close();
    sandbox.close();
    var violations =
        Invariants.check(actors.history()).stream()
            .filter(each -> !pardoned.contains(each.invariant()))
            .toList();
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
    assertThat(violations).as(actors.history().text()).isEmpty();
  }
}
