package io.csi4j.app.demo;

import io.csi4j.e2e.sandbox.actors.csi.CsiFault;
import io.csi4j.e2e.sandbox.actors.history.Entry;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The moment at which provisioners leak: the driver has made the volume, and nobody has heard of it
 * yet. Here the provisioner dies by SIGKILL right then, in a process of its own; of its two claims
 * one is deleted before its next life begins, the other is kept.
 */
final class SandboxCrash {
  private static final String KEPT = "csi4j-demo-kept";
  private static final String DROPPED = "csi4j-demo-dropped";

  private final SandboxVenue venue;
  private final DemoFolder folder;
  private final Supplier<PartsOfDemo.Running> start;
  private final Consumer<PartsOfDemo.Running> end;
  private final List<String> flags;
  private PartsOfDemo.@Nullable Running provisioner;

  /**
   * @param start the provisioner in this process
   * @param flags those of a provisioner
   */
  SandboxCrash(
      SandboxVenue venue,
      DemoFolder folder,
      Supplier<PartsOfDemo.Running> start,
      Consumer<PartsOfDemo.Running> end,
      List<String> flags) {
    this.venue = venue;
    this.folder = folder;
    this.start = start;
    this.end = end;
    this.flags = List.copyOf(flags);
  }

  void startProvisioner() {
    provisioner = start.get();
  }

  Step.Seen run() throws IOException, InterruptedException {
    var running = provisioner;
    if (running != null) {
      end.accept(running);
    }
    var before = venue.volumesOfDriver().size();
    try (var process = ProvisionerProcess.start(folder.path().resolve("provisioner.log"), flags)) {
      folder.belongs(process.handle());
      killInTheMiddle(process);
    }
    var orphans = venue.volumesOfDriver().size() - before;
    var stored = venue.api().all(Thing.VOLUME).size();
    if (orphans != 2 || stored != before) {
      throw new StepFailed(
          "the crash was to leave 2 volumes of which the API knows nothing, and left %d; it knows"
                  .formatted(orphans)
              + " %d of %d".formatted(stored, before));
    }
    venue.api().delete(Thing.CLAIM, DROPPED, 0);
    venue
        .patience()
        .until(
            "claim %s is gone".formatted(DROPPED),
            () -> venue.api().find(Thing.CLAIM, DROPPED).isEmpty());
    startProvisioner();
    Story.boundVolume(venue, KEPT);
    venue.patience().until(() -> leak().orElse("nothing leaks"), () -> leak().isEmpty());
    return Step.done(
        ("provisioner killed (SIGKILL) with 2 volumes made and not stored; 1 claim deleted;"
                + " restarted: %d volumes = %d PVs")
            .formatted(volumesOfDriver().size(), volumesOfCluster().size()));
  }

  private void killInTheMiddle(ProvisionerProcess process) throws InterruptedException {
    var made = made();
    venue.actors().csiFaults().next(2, "CreateVolume", new CsiFault.Silence());
    for (var claim : List.of(KEPT, DROPPED)) {
      venue
          .api()
          .create(Thing.CLAIM, StoryObjects.claim(claim, venue.storageClass().name(), "64Mi"));
    }
    venue
        .patience()
        .atLeast(SandboxVenue.BEGINNING)
        .until(
            "the driver has made a volume for each of two claims",
            () -> made() >= made + 2 || !process.runs());
    if (!process.runs()) {
      throw new StepFailed("the provisioner ended before it could be killed");
    }
    process.kill();
  }

  private long made() {
    return venue.actors().history().calls("CreateVolume").stream().filter(Entry.Ended::ok).count();
  }

  /** In words, unless the driver, the volumes and the claims of the cluster know the same ones. */
  private Optional<String> leak() {
    var ofDriver = volumesOfDriver();
    var ofCluster = volumesOfCluster();
    var claims = venue.api().all(Thing.CLAIM).size();
    return ofDriver.equals(ofCluster) && ofCluster.size() == claims
        ? Optional.empty()
        : Optional.of(
            "%d claims have a volume each, the driver having %s, the API %s"
                .formatted(claims, ofDriver, ofCluster));
  }

  private Set<String> volumesOfDriver() {
    return new TreeSet<>(venue.volumesOfDriver());
  }

  private Set<String> volumesOfCluster() {
    return venue.api().all(Thing.VOLUME).stream()
        .map(each -> each.at("/spec/csi/volumeHandle").asText())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
