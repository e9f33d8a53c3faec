package io.csi4j.driver.local;

import io.csi4j.driver.framework.spi.BlockDevices.Content;
import io.csi4j.driver.framework.spi.ContentSource;
import io.csi4j.driver.framework.spi.Reason;
import io.csi4j.driver.framework.spi.Topology;
import io.csi4j.driver.framework.spi.VolumeSpec;
import org.jspecify.annotations.Nullable;

/** What it takes that a volume with this name exists. Pure. */
sealed interface CreateStep {

  /** It is there, as asked for. */
  record Exists(VolumeRecord volume) implements CreateStep {}

  record Refuse(Reason reason, String message) implements CreateStep {}

  record Make(long sizeBytes, Content content) implements CreateStep {}

  /**
   * All that the decision looks at.
   *
   * @param existing the volume that has the name; null when none has
   * @param here this node's place; null when topology is off
   */
  record CreateFacts(
      VolumeSpec spec,
      @Nullable VolumeRecord existing,
      @Nullable Topology here,
      long sizeBytesMax) {}

  static CreateStep decide(CreateFacts facts) {
    var spec = facts.spec();
    var objection = Offer.objection(spec.parameters());
    if (objection.isPresent()) {
      return new Refuse(Reason.INVALID_ARGUMENT, objection.get());
    }
    if (!(spec.source() instanceof ContentSource.Blank)) {
      return new Refuse(
          Reason.INVALID_ARGUMENT, "volume_content_source: this driver has none to offer");
    }
    return switch (Offer.contentFor(spec.capabilities())) {
      case Offer.Wanted.Impossible(var why) -> new Refuse(Reason.INVALID_ARGUMENT, why);
      case Offer.Wanted.Possible(var content) -> {
        var existing = facts.existing();
        yield existing == null
            ? decideNew(facts, content)
            : decideExisting(facts, existing, content);
      }
    };
  }

  private static CreateStep decideExisting(
      CreateFacts facts, VolumeRecord existing, Content content) {
    var spec = facts.spec();
    if (!spec.capacity().contains(existing.sizeBytes())) {
      return differs(existing, "its size is %d bytes".formatted(existing.sizeBytes()));
    }
    if (!existing.content().equals(content)) {
      return differs(existing, "it holds " + existing.content());
    }
    if (!existing.parameters().equals(spec.parameters())) {
      return differs(existing, "its parameters are " + existing.parameters());
    }
    return reachable(facts)
        ? new Exists(existing)
        : differs(existing, "it is on node " + facts.here());
  }

  private static CreateStep decideNew(CreateFacts facts, Content content) {
    if (!reachable(facts)) {
      return new Refuse(
          Reason.RESOURCE_EXHAUSTED,
          "volumes of this driver instance are reachable from %s only".formatted(facts.here()));
    }
    return switch (SizeChoice.of(facts.spec().capacity(), content, facts.sizeBytesMax())) {
      case SizeChoice.Chosen(var sizeBytes) -> new Make(sizeBytes, content);
      case SizeChoice.OutOfRange(var why) -> new Refuse(Reason.OUT_OF_RANGE, why);
    };
  }

  /** A place fits when it says nothing that contradicts ours. */
  private static boolean reachable(CreateFacts facts) {
    var here = facts.here();
    var requisite = facts.spec().topology().requisite();
    return here == null
        || requisite.isEmpty()
        || requisite.stream()
            .anyMatch(
                place ->
                    here.segments().entrySet().stream()
                        .allMatch(
                            own -> own.getValue().equals(place.segments().get(own.getKey()))));
  }

  private static Refuse differs(VolumeRecord existing, String how) {
    return new Refuse(
        Reason.ALREADY_EXISTS,
        "a volume named %s exists and is not as asked for: %s".formatted(existing.name(), how));
  }
}
