package io.csi4j.driver.local;

import io.csi4j.driver.spi.BlockDevices.Content;
import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.Topology;
import io.csi4j.driver.spi.VolumeSpec;
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
   * @param origin what the volume shall be filled with
   * @param here this node's place; null when topology is off
   */
  record CreateFacts(
      VolumeSpec spec,
      @Nullable VolumeRecord existing,
      Origin origin,
      @Nullable Topology here,
      long sizeBytesMax) {}

  static CreateStep decide(CreateFacts facts) {
    var spec = facts.spec();
    var objection =
        Offer.objection(spec.parameters()).or(() -> Tuning.objection(spec.mutableParameters()));
    if (objection.isPresent()) {
      return new Refuse(Reason.INVALID_ARGUMENT, objection.get());
    }
    var existing = facts.existing();
    var like =
        existing == null
            ? switch (facts.origin()) {
              case Origin.Known(_, var content) -> content;
              case Origin.None(), Origin.Unknown _, Origin.Elsewhere _ -> null;
            }
            : existing.content();
    return switch (Offer.contentFor(spec.capabilities(), spec.parameters(), like)) {
      case Offer.Wanted.Impossible(var why) -> new Refuse(Reason.INVALID_ARGUMENT, why);
      case Offer.Wanted.Possible(var content) ->
          existing == null ? decideNew(facts, content) : decideExisting(facts, existing, content);
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
    if (!existing.tuned(spec.mutableParameters()).equals(existing)) {
      return differs(existing, "its mutable parameters are " + existing.tuning());
    }
    if (!existing.source().equals(spec.source())) {
      return differs(existing, "its source is " + existing.source());
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
    return switch (facts.origin()) {
      case Origin.Unknown(var what) -> new Refuse(Reason.NOT_FOUND, what + " does not exist");
      case Origin.Elsewhere(var what) ->
          new Refuse(Reason.RESOURCE_EXHAUSTED, what + " is on another node");
      case Origin.None() -> ofSize(facts, content, 0);
      case Origin.Known(var bytes, var held) ->
          held.equals(content)
              ? ofSize(facts, content, bytes)
              : new Refuse(
                  Reason.INVALID_ARGUMENT,
                  "the source holds %s and cannot become %s".formatted(held, content));
    };
  }

  private static CreateStep ofSize(CreateFacts facts, Content content, long sourceBytes) {
    var limits = new SizeChoice.Limits(content, sourceBytes, facts.sizeBytesMax());
    return switch (SizeChoice.of(facts.spec().capacity(), limits)) {
      case SizeChoice.Chosen(var sizeBytes) -> new Make(sizeBytes, content);
      case SizeChoice.OutOfRange(var why) -> new Refuse(Reason.OUT_OF_RANGE, why);
    };
  }

  /** A place fits when it says nothing that contradicts ours. */
  private static boolean reachable(CreateFacts facts) {
    var here = facts.here();
    var requisite = facts.spec().topology().requisite();
    return Places.reachable(here, requisite);
  }

  private static Refuse differs(VolumeRecord existing, String how) {
    return new Refuse(
        Reason.ALREADY_EXISTS,
        "a volume named %s exists and is not as asked for: %s".formatted(existing.name(), how));
  }
}
