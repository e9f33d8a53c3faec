package io.csi4j.app.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.csi4j.app.demo.DemoOptions.ClusterOptions;
import io.csi4j.app.demo.Venue.ClassOfStory.Binding;
import io.csi4j.sidecars.kit.doors.Time;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A real cluster, with whatever driver and sidecars its StorageClass leads to. */
final class ClusterVenue implements Venue {
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration CLEAN_UP_LIMIT = Duration.ofSeconds(60);
  private static final String OUR_DRIVER = "local.csi4j.io";
  private static final Set<String> OF_NO_INTEREST = Set.of("MissingClusterDNS", "FailedScheduling");
  private static final String IS_DEFAULT = "storageclass.kubernetes.io/is-default-class";

  private final ClusterOptions options;
  private final Time time;
  private final Api api;
  private final Patience patience;

  /** Events that were part of an earlier step. */
  private final Set<String> told = new HashSet<>();

  /** Events of earlier runs. */
  private final Set<String> old = new HashSet<>();

  /** There after {@link #open}. */
  private Optional<JsonNode> storageClass = Optional.empty();

  ClusterVenue(ClusterOptions options, DemoOptions all, Time time, Stop stop) {
    this.options = options;
    this.time = time;
    this.api = Api.of(options.kubeconfig(), options.namespace());
    this.patience =
        new Patience(
            time,
            all.stepLimit(),
            PAUSE,
            stop.with(Optional::empty, () -> Complaints.of(api, old)));
  }

  @Override
  public List<String> announcements() {
    return List.of(
        "csi4j demo: on the cluster at %s, namespace %s"
            .formatted(api.server(), options.namespace()),
        "It needs a StorageClass with a CSI driver that clones, and an image with a shell"
            + " on the nodes: %s".formatted(options.podImage()));
  }

  @Override
  public Step.Seen open() {
    api.trouble()
        .ifPresent(
            why -> {
              throw new StepFailed("the cluster does not answer: " + why);
            });
    var removed = removeOurs();
    api.all(Thing.EVENT).forEach(each -> old.add(Story.text(each, "metadata", "uid")));
    told.addAll(old);
    storageClass = Optional.of(chosenClass());
    var chosen = storageClass();
    return Step.done(
        "StorageClass %s of driver %s%s"
            .formatted(
                chosen.name(),
                chosen.driver(),
                removed == 0 ? "" : "; removed %d objects of an earlier run".formatted(removed)));
  }

  private JsonNode chosenClass() {
    var all = api.all(Thing.CLASS);
    var names = all.stream().map(each -> Story.text(each, "metadata", "name")).toList();
    var wanted = options.storageClass();
    var found =
        wanted.isPresent()
            ? all.stream()
                .filter(each -> Story.text(each, "metadata", "name").equals(wanted.get()))
                .findFirst()
            : all.stream()
                .filter(
                    each ->
                        Story.text(each, "provisioner").equals(OUR_DRIVER)
                            || Story.text(each, "metadata", "annotations", IS_DEFAULT)
                                .equals("true"))
                .findFirst();
    return found.orElseThrow(
        () ->
            new StepFailed(
                "no StorageClass %s; the cluster has %s: choose one by --storage-class, or install"
                        .formatted(wanted.orElse("of " + OUR_DRIVER + " and no default"), names)
                    + " ours (deploy/manifests)"));
  }

  /** What this run or one before it has created; how much that was. */
  private int removeOurs() {
    var count = 0;
    for (var thing : List.of(Thing.POD, Thing.CLAIM)) {
      for (var each : Story.ours(api, thing)) {
        api.delete(thing, Story.text(each, "metadata", "name"), 0);
        count++;
      }
    }
    var limit = time.nanos() + CLEAN_UP_LIMIT.toNanos();
    while (!Story.ours(api, Thing.POD).isEmpty() || !Story.ours(api, Thing.CLAIM).isEmpty()) {
      if (time.nanos() > limit) {
        throw new StepFailed(
            "objects with label %s=%s in namespace %s do not go away"
                .formatted(StoryObjects.LABEL, StoryObjects.LABEL_VALUE, options.namespace()));
      }
      time.sleep(PAUSE);
    }
    return count;
  }

  @Override
  public Api api() {
    return api;
  }

  @Override
  public Patience patience() {
    return patience;
  }

  @Override
  public ClassOfStory storageClass() {
    var json = storageClass.orElseThrow();
    return new ClassOfStory(
        Story.text(json, "metadata", "name"),
        Story.text(json, "provisioner"),
        Story.text(json, "volumeBindingMode").equals("WaitForFirstConsumer")
            ? Binding.WITH_POD
            : Binding.IMMEDIATE);
  }

  @Override
  public String podImage() {
    return options.podImage();
  }

  @Override
  public String said(String pod) {
    return api.log(pod);
  }

  @Override
  public Optional<Long> roomBytes(String pod) {
    return Optional.empty();
  }

  @Override
  public Optional<String> grower() {
    return storageClass.orElseThrow().path("allowVolumeExpansion").asBoolean()
        ? Optional.of("the cluster's resizer")
        : Optional.empty();
  }

  @Override
  public Step.Seen crash() {
    var pods = options.provisioner();
    if (pods.isEmpty()) {
      return new Step.Seen.LeftOut(
          "nobody said which pods to kill: --provisioner-pods=NAMESPACE/LABEL=VALUE");
    }
    try (var ofProvisioner = Api.of(options.kubeconfig(), pods.get().namespace())) {
      return new ClusterCrash(this, ofProvisioner, pods.get()).run();
    }
  }

  /** Of a real cluster's nodes nothing is seen from here but what the API says. */
  @Override
  public List<String> leftovers() {
    return List.of();
  }

  @Override
  public String lookedAt() {
    return "what is on the nodes cannot be seen from here";
  }

  /** From outside, calls of the driver cannot be seen; what the parts say about them can. */
  @Override
  public List<String> called(Instant from, Instant to) {
    var said = new LinkedHashMap<String, Set<String>>();
    for (var event : api.all(Thing.EVENT)) {
      var news =
          Story.text(event, "involvedObject", "name").startsWith("csi4j-demo")
              && told.add(Story.text(event, "metadata", "uid"));
      if (news && !OF_NO_INTEREST.contains(Story.text(event, "reason"))) {
        var component = Story.text(event, "source", "component");
        var who = component.isEmpty() ? Story.text(event, "reportingComponent") : component;
        said.computeIfAbsent(who.replaceFirst("_.*", ""), _ -> new LinkedHashSet<>())
            .add(Story.text(event, "reason"));
      }
    }
    return said.entrySet().stream()
        .map(each -> each.getKey() + ": " + String.join(", ", each.getValue()))
        .toList();
  }

  @Override
  public String busyWith() {
    return "";
  }

  @Override
  public List<String> invitation() {
    return List.of();
  }

  @Override
  public void close() throws IOException {
    try {
      removeOurs();
    } catch (Api.Refused | StepFailed e) {
      throw new IOException(String.valueOf(e.getMessage()), e);
    } finally {
      api.close();
    }
  }
}
