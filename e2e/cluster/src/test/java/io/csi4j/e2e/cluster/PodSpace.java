package io.csi4j.e2e.cluster;

import static io.csi4j.e2e.cluster.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import io.fabric8.kubernetes.api.model.storage.VolumeAttachment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** One test's place on the node: a namespace, what it makes in it, and what its volumes leave. */
final class PodSpace {
  /** Enough for ext4. */
  static final String SMALL = "16Mi";

  private final NodeUnderTest node;
  private final KubernetesClient client;
  private final String name;
  private final List<HasMetadata> clusterWide = new ArrayList<>();

  private PodSpace(NodeUnderTest node, String name) {
    this.node = node;
    this.client = node.client();
    this.name = name;
  }

  static PodSpace create(NodeUnderTest node, int number) {
    var space = new PodSpace(node, "pods-%d-%d".formatted(ProcessHandle.current().pid(), number));
    space
        .client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(space.name).endMetadata().build())
        .create();
    eventually(
        "pods may be made in " + space.name,
        () ->
            assertThat(
                    space
                        .client
                        .serviceAccounts()
                        .inNamespace(space.name)
                        .withName("default")
                        .get())
                .isNotNull());
    return space;
  }

  String name() {
    return name;
  }

  // --- making ---------------------------------------------------------------------------------

  /** A small filesystem claim of the installed class. */
  void claim(String claim) {
    claim(claim, made -> made);
  }

  void claim(String claim, UnaryOperator<PersistentVolumeClaimBuilder> change) {
    create(change.apply(claimOf(claim)).build());
  }

  static PersistentVolumeClaimBuilder claimOf(String claim) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName(claim)
        .endMetadata()
        .withNewSpec()
        .withAccessModes("ReadWriteOnce")
        .withStorageClassName(NodeUnderTest.CLASS)
        .withNewResources()
        .addToRequests("storage", new Quantity(SMALL))
        .endResources()
        .endSpec();
  }

  /** A class like the installed one but for the change; returns its name. */
  String storageClass(UnaryOperator<StorageClassBuilder> change) {
    var installed = client.storage().v1().storageClasses().withName(NodeUnderTest.CLASS).get();
    var like =
        new StorageClassBuilder(installed)
            .withNewMetadata()
            .withName("%s-%d".formatted(name, clusterWide.size()))
            .endMetadata();
    StorageClass made = change.apply(like).build();
    client.resource(made).create();
    clusterWide.add(made);
    return made.getMetadata().getName();
  }

  <T extends HasMetadata> T create(T object) {
    return client.resource(object).inNamespace(name).create();
  }

  // --- pods -----------------------------------------------------------------------------------

  void create(TestPod pod) {
    create(pod.pod());
  }

  /** Waits until it has done its command; the log. */
  String run(TestPod pod) {
    create(pod);
    eventually(pod.name() + " has ended", () -> assertThat(phase(pod.name())).isIn(ENDED));
    var log = log(pod.name());
    assertThat(phase(pod.name())).as("%s, which said: %s", pod.name(), log).isEqualTo("Succeeded");
    return log;
  }

  void start(TestPod pod) {
    create(pod);
    awaitReady(pod.name());
  }

  void awaitReady(String pod) {
    eventually(
        pod + " is ready",
        () -> {
          if (phase(pod).equals("Failed")) {
            throw new IllegalStateException("%s has failed: %s".formatted(pod, log(pod)));
          }
          assertThat(log(pod)).contains(TestPod.READY);
        });
  }

  private static final List<String> ENDED = List.of("Succeeded", "Failed");

  String phase(String pod) {
    return pod(pod).getStatus().getPhase();
  }

  String log(String pod) {
    return client.pods().inNamespace(name).withName(pod).getLog();
  }

  Pod pod(String pod) {
    return client.pods().inNamespace(name).withName(pod).get();
  }

  /** Runs a command in a pod's container and returns what it printed. */
  String exec(String pod, String command) throws IOException, InterruptedException {
    return node.cluster().kubectl("exec", "--namespace=" + name, pod, "--", "sh", "-c", command);
  }

  void delete(String pod) {
    client.pods().inNamespace(name).withName(pod).delete();
  }

  /** Gone at the API server at once, whatever kubelet does. */
  void deleteByForce(String pod) {
    client.pods().inNamespace(name).withName(pod).withGracePeriod(0).delete();
  }

  void deleteAndWait(String pod) {
    delete(pod);
    eventually(pod + " is gone", () -> assertThat(pod(pod)).isNull());
  }

  // --- volumes --------------------------------------------------------------------------------

  PersistentVolumeClaim getClaim(String claim) {
    return client.persistentVolumeClaims().inNamespace(name).withName(claim).get();
  }

  PersistentVolume volumeOf(String claim) {
    return client.persistentVolumes().withName(getClaim(claim).getSpec().getVolumeName()).get();
  }

  /** Where the claim's volume can be used: keys with their values. */
  List<String> placesOf(String claim) {
    var required = volumeOf(claim).getSpec().getNodeAffinity().getRequired();
    return required.getNodeSelectorTerms().getFirst().getMatchExpressions().stream()
        .map(each -> each.getKey() + each.getValues())
        .toList();
  }

  void deleteClaim(String claim) {
    client.persistentVolumeClaims().inNamespace(name).withName(claim).delete();
  }

  /** What was said of an object of this name. */
  List<Event> events(String object) {
    return client.v1().events().inNamespace(name).list().getItems().stream()
        .filter(event -> event.getInvolvedObject().getName().equals(object))
        .toList();
  }

  List<VolumesSeen.Volume> volumes() {
    return node.volumes().of(name);
  }

  /** What a claim's volume is called; it can be asked for later than the claim is there. */
  VolumesSeen.Volume seenVolume(String claim) {
    return volumes().stream().filter(each -> each.claim().equals(claim)).findFirst().orElseThrow();
  }

  List<String> mounts(VolumesSeen.Volume volume) throws IOException {
    var found = new ArrayList<String>();
    for (var each : node.cluster().nodes()) {
      found.addAll(Leftovers.mounts(each, volume));
    }
    return found;
  }

  /** Any trace on the node of any volume that was ever made here. */
  List<String> leftovers() throws IOException {
    return node.leftovers(volumes());
  }

  // --- the end --------------------------------------------------------------------------------

  /** Removes all, waits until it is gone, and with it everything that its volumes had. */
  void empty() {
    empty(Eventually.LIMIT);
  }

  void empty(Duration limit) {
    client.apps().statefulSets().inNamespace(name).delete();
    client.pods().inNamespace(name).delete();
    client.persistentVolumeClaims().inNamespace(name).delete();
    eventually(limit, "pods of " + name + " are gone", () -> assertThat(pods()).isEmpty());
    eventually(limit, "claims of " + name + " are gone", () -> assertThat(claims()).isEmpty());
    eventually(limit, "nothing of " + name + " is left", this::nothingIsLeft);
    clusterWide.forEach(each -> client.resource(each).delete());
    client.namespaces().withName(name).delete();
  }

  private void nothingIsLeft() throws IOException {
    var volumes = volumes().stream().map(VolumesSeen.Volume::name).collect(Collectors.toSet());
    assertThat(
            client.persistentVolumes().list().getItems().stream()
                .map(volume -> volume.getMetadata().getName())
                .filter(volumes::contains))
        .as("PersistentVolumes")
        .isEmpty();
    assertThat(
            client.storage().v1().volumeAttachments().list().getItems().stream()
                .map(PodSpace::attached)
                .filter(volumes::contains))
        .as("VolumeAttachments")
        .isEmpty();
    assertThat(leftovers()).isEmpty();
  }

  private static String attached(VolumeAttachment attachment) {
    return attachment.getSpec().getSource().getPersistentVolumeName();
  }

  private List<String> pods() {
    return names(client.pods().inNamespace(name).list().getItems());
  }

  private List<String> claims() {
    return names(client.persistentVolumeClaims().inNamespace(name).list().getItems());
  }

  private static List<String> names(List<? extends HasMetadata> objects) {
    return objects.stream().map(each -> each.getMetadata().getName()).toList();
  }

  /** For whoever looks for the reason of a failure. */
  String describe() throws IOException, InterruptedException {
    var in = "--namespace=" + name;
    return String.join(
        System.lineSeparator(),
        node.cluster().kubectl("get", "pods,pvc,pv,volumeattachments", in, "--output=wide"),
        node.cluster().kubectl("get", "events", in, "--sort-by=.metadata.creationTimestamp"),
        node.logs(),
        "--- left",
        String.join(System.lineSeparator(), leftovers()));
  }
}
