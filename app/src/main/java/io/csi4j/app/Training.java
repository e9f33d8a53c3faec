package io.csi4j.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.csi4j.proto.csi.v1.ControllerGetCapabilitiesRequest;
import io.csi4j.proto.csi.v1.ControllerGetCapabilitiesResponse;
import io.csi4j.proto.csi.v1.ControllerGrpc;
import io.csi4j.proto.csi.v1.ControllerPublishVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerPublishVolumeResponse;
import io.csi4j.proto.csi.v1.ControllerServiceCapability;
import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.proto.csi.v1.ControllerUnpublishVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerUnpublishVolumeResponse;
import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.proto.csi.v1.CreateVolumeResponse;
import io.csi4j.proto.csi.v1.GetPluginCapabilitiesRequest;
import io.csi4j.proto.csi.v1.GetPluginCapabilitiesResponse;
import io.csi4j.proto.csi.v1.GetPluginInfoRequest;
import io.csi4j.proto.csi.v1.GetPluginInfoResponse;
import io.csi4j.proto.csi.v1.IdentityGrpc;
import io.csi4j.proto.csi.v1.PluginCapability;
import io.csi4j.proto.csi.v1.ProbeRequest;
import io.csi4j.proto.csi.v1.ProbeResponse;
import io.csi4j.proto.csi.v1.Volume;
import io.csi4j.sidecars.attacher.Attacher;
import io.csi4j.sidecars.kit.component.Component;
import io.csi4j.sidecars.kit.csi.EpollServer;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.livenessprobe.LivenessProbe;
import io.csi4j.sidecars.provisioner.Provisioner;
import io.csi4j.sidecars.registrar.Registrar;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * {@code csi4j train}: runs the sidecars once against a driver and an API server of its own, in one
 * process and on no network but loopback. The build does this under a JVM that writes down what was
 * loaded and linked, so that every later start is spared the work.
 */
final class Training implements Component {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(3);
  private static final int TRIES_MAX = 60;

  /** By kind: a claim to make a volume for, and a volume to attach and one to detach. */
  private static final Map<String, String> ITEMS =
      Map.of(
          "persistentvolumeclaims",
          """
          {"metadata":{"name":"c","namespace":"n","uid":"u","resourceVersion":"1",
            "annotations":{"volume.kubernetes.io/storage-provisioner":"training.csi4j.io"}},
           "spec":{"accessModes":["ReadWriteOnce"],"storageClassName":"s",
            "resources":{"requests":{"storage":"1Gi"}}},"status":{"phase":"Pending"}}""",
          "storageclasses",
          """
          {"metadata":{"name":"s","resourceVersion":"1"},"provisioner":"training.csi4j.io"}""",
          "persistentvolumes",
          volume("p") + "," + volume("q"),
          "csinodes",
          """
          {"metadata":{"name":"n","resourceVersion":"1"},"spec":{"drivers":[
            {"name":"training.csi4j.io","nodeID":"n","topologyKeys":[]}]}}""",
          "volumeattachments",
          attachment("a", "p", "")
              + ","
              + attachment(
                  "b",
                  "q",
                  """
                  ,"deletionTimestamp":"2026-01-01T00:00:00Z",
                   "finalizers":["external-attacher/training-csi4j-io"]"""));

  private static final Duration LISTENING_LIMIT = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Time time;
  private final Duration lasting;
  private final boolean nodeOnly;

  private Training(Time time, Duration lasting, boolean nodeOnly) {
    this.time = time;
    this.lasting = lasting;
    this.nodeOnly = nodeOnly;
  }

  static Component of(Flags flags, Time time) {
    var lasting = flags.duration("for", LONG_ENOUGH, "how long; a busy machine needs more");
    var parts = flags.text("parts", "all", "all, or node: what runs beside a kubelet");
    flags.require(parts.equals("all") || parts.equals("node"), "parts", "all or node");
    flags.throwIfAnyProblem();
    return new Training(time, lasting, parts.equals("node"));
  }

  @Override
  public void run() throws InterruptedException {
    try {
      var folder = Files.createTempDirectory("csi4j-training");
      try {
        if (nodeOnly) {
          trainNode(folder);
        } else {
          train(folder);
        }
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new Fatal("training failed: " + e);
    }
  }

  @Override
  public void close() {}

  private void train(Path folder) throws IOException, InterruptedException {
    var socket = folder.resolve("csi.sock");
    var port = freePort();
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(command -> time.spawn("training", command));
    server.createContext("/", Training::answer);
    server.start();
    var kubeconfig = folder.resolve("kubeconfig");
    Files.writeString(kubeconfig, kubeconfig(server.getAddress().getPort()));
    try (var _ = EpollServer.start(socket, new TrainingIdentity(), new TrainingController())) {
      var parts =
          List.of(
              Provisioner.of(flags("--csi-address=" + socket, "--kubeconfig=" + kubeconfig), time),
              Attacher.of(flags("--csi-address=" + socket, "--kubeconfig=" + kubeconfig), time),
              Registrar.of(
                  flags(
                      "--csi-address=" + socket,
                      "--kubelet-registration-path=" + socket,
                      "--plugin-registration-path=" + folder,
                      "--timeout=10s"),
                  time),
              LivenessProbe.of(
                  flags("--csi-address=" + socket, "--http-endpoint=127.0.0.1:0"), time),
              NodeComponent.of(
                  flags(
                      "--csi-address=" + socket,
                      "--kubelet-registration-path=" + socket,
                      "--plugin-registration-path=" + Files.createDirectory(folder.resolve("node")),
                      "--timeout=10s",
                      "--http-endpoint=127.0.0.1:" + port),
                  time));
      var running = new ArrayList<Thread>();
      for (var part : parts) {
        running.add(Thread.ofVirtual().start(() -> runQuietly(part)));
      }
      awaitListening(port);
      time.sleep(lasting);
      askAll(port);
      parts.forEach(Component::close);
      for (var thread : running) {
        thread.join();
      }
    } finally {
      server.stop(0);
    }
  }

  /** With the driver inside. What no node ever loads would only take room in its memory. */
  private void trainNode(Path folder) throws IOException, InterruptedException {
    var port = freePort();
    var node =
        NodeComponent.of(
            flags(
                "--driver=local",
                "--nodeid=training",
                "--endpoint=unix://" + folder.resolve("csi.sock"),
                "--statedir=" + folder.resolve("state"),
                "--kubelet-registration-path=" + folder.resolve("csi.sock"),
                "--plugin-registration-path=" + Files.createDirectory(folder.resolve("node")),
                "--timeout=10s",
                "--http-endpoint=127.0.0.1:" + port),
            time);
    var running = Thread.ofVirtual().start(() -> runQuietly(node));
    time.sleep(lasting);
    try {
      askAll(port);
    } finally {
      node.close();
    }
    running.join();
  }

  /** On a busy machine it may not listen yet. */
  private void askAll(int port) throws IOException, InterruptedException {
    for (var tries = 0; !listens(port) && tries < TRIES_MAX; tries++) {
      time.sleep(Duration.ofSeconds(1));
    }
    for (var path : List.of("/healthz", "/healthz", "/readyz", "/healthz/registrar", "/metrics")) {
      get(port, path);
    }
  }

  private static boolean listens(int port) {
    try (var client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return client.isConnected();
    } catch (IOException _) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  /** A machine that builds other things meanwhile may need longer than the training lasts. */
  private void awaitListening(int port) throws IOException {
    var begin = time.nanos();
    while (true) {
      try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (ConnectException e) {
        if (time.nanos() - begin > LISTENING_LIMIT.toNanos()) {
          throw e;
        }
        time.sleep(PAUSE);
      }
    }
  }

  /** Asks as a probe does, whatever the answer. */
  private static void get(int port, String path) throws IOException {
    try (var client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      client
          .getOutputStream()
          .write(
              "GET %s HTTP/1.1\r\nHost: training\r\nConnection: close\r\n\r\n"
                  .formatted(path)
                  .getBytes(StandardCharsets.UTF_8));
      client.getInputStream().readAllBytes();
    }
  }

  private static void runQuietly(Component part) {
    try {
      part.run();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static Flags flags(String... args) {
    return Flags.parse(List.of(args));
  }

  private static String kubeconfig(int port) {
    return """
        apiVersion: v1
        kind: Config
        current-context: training
        contexts: [{name: training, context: {cluster: training, user: training}}]
        clusters: [{name: training, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: training, user: {token: training}}]
        """
        .formatted(port);
  }

  /**
   * Just enough of an API server: lists of one or two objects, watches that end, writes that
   * succeed.
   */
  private static void answer(HttpExchange exchange) throws IOException {
    var uri = exchange.getRequestURI().toString();
    exchange.getRequestBody().readAllBytes();
    var body = uri.contains("watch=true") ? "" : object(uri);
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    try (exchange) {
      exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static String object(String uri) {
    if (!uri.contains("limit=")) {
      return "{\"metadata\":{\"name\":\"pvc-u\",\"uid\":\"u\",\"resourceVersion\":\"2\"}}";
    }
    var items =
        ITEMS.entrySet().stream()
            .filter(each -> uri.contains("/" + each.getKey()))
            .map(Map.Entry::getValue)
            .collect(Collectors.joining());
    return "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[%s]}".formatted(items);
  }

  private static String volume(String name) {
    return """
        {"metadata":{"name":"%1$s","uid":"%1$s","resourceVersion":"1"},
         "spec":{"accessModes":["ReadWriteOnce"],"csi":{"driver":"training.csi4j.io",
          "volumeHandle":"%1$s","volumeAttributes":{"k":"v"}}},"status":{"phase":"Bound"}}"""
        .formatted(name);
  }

  private static String attachment(String name, String volume, String more) {
    return """
        {"metadata":{"name":"%1$s","uid":"%1$s","resourceVersion":"1"%3$s},
         "spec":{"attacher":"training.csi4j.io","nodeName":"n",
          "source":{"persistentVolumeName":"%2$s"}},"status":{"attached":false}}"""
        .formatted(name, volume, more);
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static <T> void reply(StreamObserver<T> observer, T message) {
    observer.onNext(message);
    observer.onCompleted();
  }

  private static final class TrainingIdentity extends IdentityGrpc.IdentityImplBase {
    @Override
    public void getPluginInfo(
        GetPluginInfoRequest request, StreamObserver<GetPluginInfoResponse> observer) {
      reply(observer, GetPluginInfoResponse.newBuilder().setName("training.csi4j.io").build());
    }

    @Override
    public void getPluginCapabilities(
        GetPluginCapabilitiesRequest request,
        StreamObserver<GetPluginCapabilitiesResponse> observer) {
      var service =
          PluginCapability.Service.newBuilder()
              .setType(PluginCapability.Service.Type.CONTROLLER_SERVICE);
      reply(
          observer,
          GetPluginCapabilitiesResponse.newBuilder()
              .addCapabilities(PluginCapability.newBuilder().setService(service))
              .build());
    }

    @Override
    public void probe(ProbeRequest request, StreamObserver<ProbeResponse> observer) {
      reply(observer, ProbeResponse.getDefaultInstance());
    }
  }

  private static final class TrainingController extends ControllerGrpc.ControllerImplBase {
    @Override
    public void controllerGetCapabilities(
        ControllerGetCapabilitiesRequest request,
        StreamObserver<ControllerGetCapabilitiesResponse> observer) {
      var all = ControllerGetCapabilitiesResponse.newBuilder();
      for (var type : List.of(RPC.Type.CREATE_DELETE_VOLUME, RPC.Type.PUBLISH_UNPUBLISH_VOLUME)) {
        all.addCapabilities(
            ControllerServiceCapability.newBuilder().setRpc(RPC.newBuilder().setType(type)));
      }
      reply(observer, all.build());
    }

    @Override
    public void controllerPublishVolume(
        ControllerPublishVolumeRequest request,
        StreamObserver<ControllerPublishVolumeResponse> observer) {
      reply(
          observer,
          ControllerPublishVolumeResponse.newBuilder().putPublishContext("k", "v").build());
    }

    @Override
    public void controllerUnpublishVolume(
        ControllerUnpublishVolumeRequest request,
        StreamObserver<ControllerUnpublishVolumeResponse> observer) {
      reply(observer, ControllerUnpublishVolumeResponse.getDefaultInstance());
    }

    @Override
    public void createVolume(
        CreateVolumeRequest request, StreamObserver<CreateVolumeResponse> observer) {
      reply(
          observer,
          CreateVolumeResponse.newBuilder()
              .setVolume(Volume.newBuilder().setVolumeId("v").setCapacityBytes(1L << 30))
              .build());
    }
  }
}
