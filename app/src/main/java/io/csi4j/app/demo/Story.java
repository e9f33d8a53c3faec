package io.csi4j.app.demo;

import static io.csi4j.app.demo.Step.done;

import com.fasterxml.jackson.databind.JsonNode;
import io.csi4j.app.demo.Venue.ClassOfStory.Binding;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What happens: a claim gets a volume, a pod a file in it, a clone has the file too, the volume
 * grows, the provisioner is killed at the worst moment, and at the end all is gone.
 */
final class Story {
  static final String TEXT = "kept-by-csi4j";
  private static final String DATA = "csi4j-demo-data";
  private static final String CLONE = "csi4j-demo-clone";
  private static final String WRITER = "csi4j-demo-writer";
  private static final String READER = "csi4j-demo-reader";
  private static final String SIZE = "64Mi";
  private static final String GROWN = "128Mi";
  private static final long GROWN_BYTES = 128L << 20;

  /** A file system keeps some of its device for itself. */
  private static final double USABLE = 0.8;

  private final Venue venue;

  Story(Venue venue) {
    this.venue = venue;
  }

  List<Step> steps() {
    return List.of(
        new Step("cluster", venue::open),
        new Step("claim", this::claim),
        new Step("attach", this::attach),
        new Step("mount", this::mount),
        new Step("clone", this::cloneOfVolume),
        new Step("read", this::readFromClone),
        new Step("grow", this::grow),
        new Step("crash", venue::crash),
        new Step("delete", this::delete));
  }

  private Step.Seen claim() {
    var storageClass = venue.storageClass();
    api().create(Thing.CLAIM, StoryObjects.claim(DATA, storageClass.name(), SIZE));
    if (storageClass.binding() == Binding.WITH_POD) {
      createWriter();
    }
    var volume = boundVolume(DATA);
    return done(
        "claim %s of class %s is Bound to %s"
            .formatted(DATA, storageClass.name(), text(volume, "metadata", "name")));
  }

  private void createWriter() {
    api().create(Thing.POD, StoryObjects.writer(WRITER, DATA, venue.podImage(), TEXT));
  }

  private Step.Seen attach() {
    if (venue.storageClass().binding() == Binding.IMMEDIATE) {
      createWriter();
    }
    var volume = text(boundVolume(DATA), "metadata", "name");
    var driver = api().find(Thing.DRIVER, venue.storageClass().driver());
    if (driver.isPresent() && !driver.get().path("spec").path("attachRequired").asBoolean(true)) {
      return new Step.Seen.LeftOut("its driver does not need volumes to be attached");
    }
    var attachment =
        patience()
            .forResult(
                "a VolumeAttachment of %s that is attached".formatted(volume),
                () -> attachments(volume).stream().filter(Story::attached).findFirst());
    return done(
        "attached to node %s for pod %s".formatted(text(attachment, "spec", "nodeName"), WRITER));
  }

  private List<JsonNode> attachments(String volume) {
    return api().all(Thing.ATTACHMENT).stream()
        .filter(each -> each.at("/spec/source/persistentVolumeName").asText().equals(volume))
        .toList();
  }

  private static boolean attached(JsonNode attachment) {
    return attachment.at("/status/attached").asBoolean();
  }

  private Step.Seen mount() throws IOException {
    patience().until("pod %s is ready".formatted(WRITER), () -> ready(WRITER));
    var room = venue.roomBytes(WRITER);
    return done(
        "pod %s runs and has written a file%s"
            .formatted(WRITER, room.map(bytes -> "; it sees " + mebibytes(bytes)).orElse("")));
  }

  private Step.Seen cloneOfVolume() {
    var storageClass = venue.storageClass();
    api().create(Thing.CLAIM, StoryObjects.clone(CLONE, storageClass.name(), SIZE, DATA));
    if (storageClass.binding() == Binding.WITH_POD) {
      createReader();
    }
    var volume = boundVolume(CLONE);
    return done(
        "claim %s, made of %s in use, is Bound to %s"
            .formatted(CLONE, DATA, text(volume, "metadata", "name")));
  }

  private void createReader() {
    api().create(Thing.POD, StoryObjects.reader(READER, CLONE, venue.podImage()));
  }

  private Step.Seen readFromClone() {
    if (venue.storageClass().binding() == Binding.IMMEDIATE) {
      createReader();
    }
    patience()
        .until(
            "pod %s has ended".formatted(READER),
            () -> List.of("Succeeded", "Failed").contains(phase(READER)));
    var said = venue.said(READER).strip();
    if (!said.equals(TEXT)) {
      throw new StepFailed(
          "the clone's file should say \"%s\", and says \"%s\"".formatted(TEXT, said));
    }
    return done("pod %s has read the same file from the clone: \"%s\"".formatted(READER, said));
  }

  private Step.Seen grow() throws IOException {
    var grower = venue.grower();
    if (grower.isEmpty()) {
      return new Step.Seen.LeftOut(
          "class %s does not allow it: csi4j has no resizer yet, and volumes grow where another"
                  .formatted(venue.storageClass().name())
              + " does it");
    }
    api()
        .patch(
            Thing.CLAIM,
            DATA,
            "{\"spec\":{\"resources\":{\"requests\":{\"storage\":\"%s\"}}}}".formatted(GROWN));
    var grown = "claim %s has %s".formatted(DATA, GROWN);
    patience().until(grown, () -> hasGrown() || onlyUnmounted());
    var running = hasGrown();
    if (!running) {
      restartWriter();
      patience().until(grown, this::hasGrown);
    }
    var room = venue.roomBytes(WRITER);
    if (room.isPresent() && room.get() < GROWN_BYTES * USABLE) {
      throw new StepFailed(
          "the claim says %s, but its pod sees only %s".formatted(GROWN, mebibytes(room.get())));
    }
    return done(
        "%s -> %s%s%s (by %s)"
            .formatted(
                SIZE,
                GROWN,
                running
                    ? " while the pod runs"
                    : " with a restart of the pod, as the driver lacks CAP_SYS_RESOURCE",
                room.map(bytes -> "; it sees " + mebibytes(bytes)).orElse(""),
                grower.get()));
  }

  private boolean hasGrown() {
    return is(DATA, claim -> claim.at("/status/capacity/storage").asText().equals(GROWN));
  }

  /** The node has refused, because it may grow only what is not mounted. */
  private boolean onlyUnmounted() {
    return api().all(Thing.EVENT).stream()
        .filter(each -> text(each, "involvedObject", "uid").equals(uidOfWriter()))
        .filter(each -> text(each, "reason").equals("VolumeResizeFailed"))
        .anyMatch(each -> text(each, "message").contains("FailedPrecondition"));
  }

  private String uidOfWriter() {
    return api().find(Thing.POD, WRITER).map(each -> text(each, "metadata", "uid")).orElse("");
  }

  private void restartWriter() {
    api().delete(Thing.POD, WRITER, 1);
    patience()
        .until("pod %s is gone".formatted(WRITER), () -> api().find(Thing.POD, WRITER).isEmpty());
    createWriter();
    patience().until("pod %s is ready".formatted(WRITER), () -> ready(WRITER));
  }

  private Step.Seen delete() {
    var volumes =
        ours(Thing.CLAIM).stream().map(claim -> text(claim, "spec", "volumeName")).toList();
    for (var thing : List.of(Thing.POD, Thing.CLAIM)) {
      ours(thing).forEach(each -> api().delete(thing, text(each, "metadata", "name"), 1));
    }
    patience().until("all claims, volumes and attachments are gone", () -> gone(volumes));
    patience()
        .until(
            () -> "nothing is left on the node: " + String.join(", ", leftovers()),
            () -> leftovers().isEmpty());
    return done(
        "pods and claims deleted, %d volumes gone; %s".formatted(volumes.size(), venue.lookedAt()));
  }

  private boolean gone(List<String> volumes) {
    return ours(Thing.CLAIM).isEmpty()
        && ours(Thing.POD).isEmpty()
        && volumes.stream()
            .allMatch(
                each ->
                    attachments(each).isEmpty()
                        && (each.isEmpty() || api().find(Thing.VOLUME, each).isEmpty()));
  }

  private List<String> leftovers() {
    try {
      return venue.leftovers();
    } catch (IOException e) {
      throw new StepFailed("could not look at what is left: " + e);
    }
  }

  private List<JsonNode> ours(Thing thing) {
    return ours(api(), thing);
  }

  /** What this story, or one before it, has created. */
  static List<JsonNode> ours(Api api, Thing thing) {
    return api.all(thing).stream()
        .filter(
            each ->
                each.at("/metadata/labels")
                    .path(StoryObjects.LABEL)
                    .asText()
                    .equals(StoryObjects.LABEL_VALUE))
        .toList();
  }

  private JsonNode boundVolume(String claim) {
    return boundVolume(venue, claim);
  }

  static JsonNode boundVolume(Venue venue, String claim) {
    return venue
        .patience()
        .forResult(
            "claim %s is Bound".formatted(claim),
            () ->
                venue
                    .api()
                    .find(Thing.CLAIM, claim)
                    .filter(each -> text(each, "status", "phase").equals("Bound"))
                    .flatMap(each -> volumeOf(venue.api(), each)));
  }

  private static Optional<JsonNode> volumeOf(Api api, JsonNode claim) {
    return api.find(Thing.VOLUME, text(claim, "spec", "volumeName"));
  }

  private boolean is(String claim, Predicate<JsonNode> test) {
    return api().find(Thing.CLAIM, claim).filter(test).isPresent();
  }

  private boolean ready(String pod) {
    return api().find(Thing.POD, pod).filter(Story::ready).isPresent();
  }

  static boolean ready(JsonNode pod) {
    return Api.items(pod, "status", "conditions")
        .anyMatch(
            each -> text(each, "type").equals("Ready") && text(each, "status").equals("True"));
  }

  private String phase(String pod) {
    return api().find(Thing.POD, pod).map(each -> text(each, "status", "phase")).orElse("");
  }

  static String text(JsonNode node, String... path) {
    var at = node;
    for (var name : path) {
      at = at.path(name);
    }
    return at.asText("");
  }

  private static String mebibytes(long bytes) {
    return "%d MiB".formatted(bytes >> 20);
  }

  private Api api() {
    return venue.api();
  }

  private Patience patience() {
    return venue.patience();
  }
}
