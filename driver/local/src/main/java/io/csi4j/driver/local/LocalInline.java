package io.csi4j.driver.local;

import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Answer.Nothing;
import io.csi4j.driver.spi.InlineVolumes;
import io.csi4j.driver.spi.NodeVolumes;
import io.csi4j.driver.spi.PublishSpec;
import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.StageSpec;
import io.csi4j.driver.spi.Staging;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Volumes of one pod: made, staged in a folder of the pool, published, and the whole way back in
 * one call. Each step may find that an earlier call, or an earlier life, has done it.
 */
final class LocalInline implements InlineVolumes {
  private final LocalVolumes volumes;
  private final NodeVolumes targets;
  private final Staging staging;
  private final Pool pool;
  private final LocalVolumes.Limits limits;

  /** The node's usual ways, which this one walks by itself. */
  record Ways(NodeVolumes targets, Staging staging) {}

  LocalInline(LocalVolumes volumes, Ways ways, Pool pool, LocalVolumes.Limits limits) {
    this.volumes = volumes;
    this.targets = ways.targets();
    this.staging = ways.staging();
    this.pool = pool;
    this.limits = limits;
  }

  @Override
  public boolean inline(String volumeId) {
    return volumes.inline(volumeId);
  }

  @Override
  public Answer<Nothing> publishInline(PublishSpec spec) {
    return switch (InlineRequest.read(spec, limits)) {
      case InlineRequest.Refused(var why) -> Answer.refused(Reason.INVALID_ARGUMENT, why);
      case InlineRequest.Wanted wanted ->
          switch (make(spec, wanted)) {
            case Answer.Done<Nothing> done -> done;
            case Answer.Refused<Nothing> refused -> {
              // A volume that was published before stays: it is the pod's, and this call is wrong.
              if (!stillPublished(spec.volumeId())) {
                var _ = unpublishInline(spec.volumeId(), spec.targetPath());
              }
              yield refused;
            }
          };
    };
  }

  @Override
  public Answer<Nothing> unpublishInline(String volumeId, Path targetPath) {
    var place = pool.inline(volumeId);
    return targets
        .unpublish(volumeId, targetPath)
        .then(_ -> staging.unstage(volumeId, place))
        .then(_ -> removed(place))
        .then(_ -> volumes.removeInline(volumeId));
  }

  private Answer<Nothing> make(PublishSpec spec, InlineRequest.Wanted wanted) {
    var place = pool.inline(spec.volumeId());
    return volumes
        .makeInline(spec.volumeId(), wanted)
        .then(_ -> made(place))
        .then(
            _ ->
                staging.stage(
                    new StageSpec(spec.volumeId(), place, spec.capability(), spec.data())))
        .then(_ -> targets.publish(spec.stagedAt(place)));
  }

  /** What no target shows any more is unstaged by the question. */
  private boolean stillPublished(String volumeId) {
    return staging.unstage(volumeId, pool.inline(volumeId))
            instanceof Answer.Refused<Nothing>(var reason, _)
        && reason == Reason.FAILED_PRECONDITION;
  }

  private static Answer<Nothing> made(Path place) {
    try {
      Files.createDirectories(place);
      return Answer.done();
    } catch (IOException failure) {
      return Answer.refused(
          Reason.INTERNAL, "could not make folder %s: %s".formatted(place, failure));
    }
  }

  private static Answer<Nothing> removed(Path place) {
    try {
      Files.deleteIfExists(place);
      return Answer.done();
    } catch (IOException failure) {
      return Answer.refused(
          Reason.INTERNAL, "could not remove folder %s: %s".formatted(place, failure));
    }
  }
}
