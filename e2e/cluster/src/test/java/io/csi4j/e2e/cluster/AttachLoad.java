package io.csi4j.e2e.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.cluster.ApiCluster;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.KubeConfig;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Table;
import io.csi4j.sidecars.kit.time.SystemTime;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Makes nodes, volumes and attachments, and sees when they are attached and gone. */
final class AttachLoad implements AutoCloseable {
  /**
   * As many as a server is asked by at once where many clients ask, and not one that holds back.
   */
  private static final int WRITERS = 80;

  private static final int CLIENTS = 5;

  private final SystemTime time = new SystemTime();
  private final ApiCluster cluster;
  private final List<ApiCluster> writers = new ArrayList<>();
  private final AtomicInteger nextWriter = new AtomicInteger();
  private final KubernetesClient client;
  private final Table<Attachment> attachments;

  /** By attachment, since the beginning of the latest act: when it was asked for, and fulfilled. */
  private final Map<String, Long> asked = new ConcurrentHashMap<>();

  private final Map<String, Long> fulfilled = new ConcurrentHashMap<>();

  AttachLoad(Path kubeconfig) throws InterruptedException {
    cluster = new ApiCluster(KubeConfig.load(kubeconfig.toString()), "load", time);
    for (var i = 0; i < CLIENTS; i++) {
      writers.add(new ApiCluster(KubeConfig.load(kubeconfig.toString()), "load", time));
    }
    client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
            .build();
    attachments = cluster.table(Attachment.KIND);
    attachments.onChange(this::seen);
    cluster.start();
    cluster.awaitSynced();
  }

  private void seen(@Nullable Attachment before, @Nullable Attachment after) {
    if (after == null && before != null) {
      fulfilled.putIfAbsent("gone " + before.meta().name(), System.nanoTime());
    } else if (after != null && after.attached()) {
      fulfilled.putIfAbsent("attached " + after.meta().name(), System.nanoTime());
    }
  }

  void nodes(int count) throws InterruptedException {
    all(count, i -> create(CsiNode.KIND, node(i)));
  }

  void volumes(int from, int to) throws InterruptedException {
    all(to - from, i -> create(Volume.KIND, volume(from + i)));
  }

  /** One that names the volume of this number. */
  void claim(int i) {
    var claim = named(claimName(i));
    claim.withObject("/metadata").put("namespace", "default");
    var spec = claim.withObject("/spec");
    spec.put("storageClassName", "fast").put("volumeName", "pv-" + i);
    spec.putArray("accessModes").add("ReadWriteOnce");
    spec.withObject("/resources/requests").put("storage", "1Gi");
    create(Claim.KIND, claim);
  }

  static String claimName(int i) {
    return "claim-" + i;
  }

  /** Asks for all attachments at once; the next {@link #took} is about them. */
  void attach(int from, int to, int nodes) throws InterruptedException {
    forget();
    all(
        to - from,
        i -> {
          asked.put("attached " + name(from + i), System.nanoTime());
          create(Attachment.KIND, attachment(from + i, (from + i) % nodes));
        });
  }

  void attachTo(int node, int from, int to) throws InterruptedException {
    all(to - from, i -> create(Attachment.KIND, attachment(from + i, node)));
  }

  void detach(int from, int to) throws InterruptedException {
    forget();
    all(
        to - from,
        i -> {
          var key = ObjectKey.cluster(name(from + i));
          var known = attachments.get(key);
          asked.put("gone " + key.name(), System.nanoTime());
          if (known != null) {
            writer().delete(Attachment.KIND, key, known.meta().uid());
          }
        });
  }

  /** How many attachments there are, whatever their state. */
  int count() {
    return attachments.all().size();
  }

  private void forget() {
    asked.clear();
    fulfilled.clear();
  }

  /** Waits until all that was asked for is so, and says how long each took. */
  Latencies took(Duration limit) throws InterruptedException {
    var end = System.nanoTime() + limit.toNanos();
    while (!fulfilled.keySet().containsAll(asked.keySet())) {
      if (System.nanoTime() > end) {
        var missing = asked.keySet().stream().filter(each -> !fulfilled.containsKey(each));
        throw new AssertionError("not in time: " + missing.limit(5).toList());
      }
      Thread.sleep(5);
    }
    return Latencies.of(asked, fulfilled);
  }

  void awaitCount(Predicate<Attachment> of, int count, Duration limit) throws InterruptedException {
    var end = System.nanoTime() + limit.toNanos();
    while (attachments.all().stream().filter(of).count() != count) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "%d of %d".formatted(attachments.all().stream().filter(of).count(), count));
      }
      Thread.sleep(20);
    }
  }

  /** Patches of attachments and volumes that the API server has answered so far. */
  long patches() {
    var text = client.raw("/metrics");
    var sum = 0.0;
    for (var line : text.lines().toList()) {
      if (line.startsWith("apiserver_request_total{")
          && line.contains("verb=\"PATCH\"")
          && (line.contains("resource=\"volumeattachments\"")
              || line.contains("resource=\"persistentvolumes\""))) {
        sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
      }
    }
    return (long) sum;
  }

  private ApiCluster writer() {
    return writers.get(nextWriter.getAndIncrement() % CLIENTS);
  }

  private void create(Kind<?> kind, ObjectNode body) {
    try {
      writer().create(kind, body);
    } catch (ApiFailure.AlreadyExists _) {
      // From an earlier run.
    }
  }

  private static void all(int count, IntConsumer each) throws InterruptedException {
    var slots = new Semaphore(WRITERS);
    var left = new CountDownLatch(count);
    for (var i = 0; i < count; i++) {
      var number = i;
      slots.acquire();
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  each.accept(number);
                } finally {
                  slots.release();
                  left.countDown();
                }
              });
    }
    left.await();
  }

  static String name(int i) {
    return "csi-%064x".formatted(i);
  }

  static String handle(int i) {
    return "57a0133cdd.398c3c15-8733-4fb7-b1f8-%012d".formatted(i);
  }

  private static ObjectNode node(int i) {
    var node = named("node-" + i);
    node.withObject("/spec")
        .putArray("drivers")
        .addObject()
        .put("name", PublishingDriver.NAME)
        .put("nodeID", "id-of-node-" + i)
        .putArray("topologyKeys");
    return node;
  }

  private static ObjectNode volume(int i) {
    var volume = named("pv-" + i);
    volume.withObject("/metadata").putArray("finalizers").add("kubernetes.io/pv-protection");
    var spec = volume.withObject("/spec");
    spec.put("storageClassName", "fast").put("persistentVolumeReclaimPolicy", "Retain");
    spec.putArray("accessModes").add("ReadWriteOnce");
    spec.putObject("capacity").put("storage", "1Gi");
    var csi = spec.putObject("csi").put("driver", PublishingDriver.NAME).put("fsType", "ext4");
    csi.put("volumeHandle", handle(i));
    csi.putObject("volumeAttributes").put("pool", "fast");
    return volume;
  }

  private static ObjectNode attachment(int i, int node) {
    var attachment = named(name(i));
    var spec = attachment.withObject("/spec");
    spec.put("attacher", PublishingDriver.NAME).put("nodeName", "node-" + node);
    spec.putObject("source").put("persistentVolumeName", "pv-" + i);
    return attachment;
  }

  private static ObjectNode named(String name) {
    var object = JsonNodeFactory.instance.objectNode();
    object.putObject("metadata").put("name", name);
    return object;
  }

  @Override
  public void close() {
    writers.forEach(ApiCluster::close);
    cluster.close();
    client.close();
    time.close();
  }
}
