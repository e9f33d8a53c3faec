package io.csi4j.e2e.sandbox.actors.binding;

import io.csi4j.e2e.sandbox.actors.cluster.Client;
import io.csi4j.e2e.sandbox.actors.cluster.Events;
import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.loop.Actor;
import io.csi4j.e2e.sandbox.actors.loop.Attempts;
import io.csi4j.e2e.sandbox.actors.view.Claim;
import io.csi4j.e2e.sandbox.actors.view.View;
import io.csi4j.e2e.sandbox.actors.view.Volume;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The PV controller: binds claims and volumes, asks provisioners, releases what is left over. */
public final class VolumeBinder implements Actor {
  private static final Duration RESYNC = Duration.ofSeconds(15);

  private final View view;
  private final Client client;
  private final Binding binding;
  private final Events events;
  private final Attempts attempts = Attempts.usual();

  public VolumeBinder(View view, Client client, Events events) {
    this.view = view;
    this.client = client;
    this.binding = new Binding(client);
    this.events = events;
  }

  @Override
  public Instant pass(Instant now) {
    var volumes = view.volumes();
    for (var volume : volumes) {
      attempts.attempt("volume/" + volume.name(), now, () -> volume(volume));
    }
    var reserved = reserved(volumes);
    for (var claim : view.claims()) {
      // Read anew: an earlier claim of this pass may just have taken what this one would.
      attempts.attempt("claim/" + claim.key(), now, () -> claim(claim, reserved));
    }
    return Attempts.earlier(attempts.next(now), now.plus(RESYNC));
  }

  private static Map<String, List<Volume>> reserved(List<Volume> volumes) {
    var reserved = new HashMap<String, List<Volume>>();
    for (var volume : volumes) {
      if (volume.claimed()) {
        reserved.computeIfAbsent(volume.claimKey(), _ -> new java.util.ArrayList<>()).add(volume);
      }
    }
    return reserved;
  }

  private void claim(Claim claim, Map<String, List<Volume>> reserved) {
    switch (ClaimStep.decide(facts(claim, reserved.getOrDefault(claim.key(), List.of())))) {
      case ClaimStep.Settled() -> {}
      case ClaimStep.Lose(var reason, var message) -> {
        if (!claim.phase().equals("Lost")) {
          binding.lose(claim);
          events.warning(Kind.CLAIM, claim.json(), reason, message);
        }
      }
      case ClaimStep.Tell(var severity, var reason, var message) -> {
        switch (severity) {
          case NORMAL -> events.normal(Kind.CLAIM, claim.json(), reason, message);
          case WARNING -> events.warning(Kind.CLAIM, claim.json(), reason, message);
        }
      }
      case ClaimStep.AskProvisioner(var driver) -> binding.askProvisioner(claim, driver);
      case ClaimStep.Bind(var volume, var choice) -> binding.bind(claim, volume, choice);
    }
  }

  private ClaimFacts facts(Claim claim, List<Volume> forIt) {
    var node = view.node(claim.selectedNode()).orElse(null);
    var open = claim.volumeName().isEmpty();
    return new ClaimFacts(
        claim,
        view.storageClass(claim.className()).orElse(null),
        open ? null : view.volume(claim.volumeName()).orElse(null),
        open ? forIt.stream().filter(each -> each.isFor(claim)).findFirst().orElse(null) : null,
        open
            ? view.volumes().stream().filter(each -> Fitting.fits(each, claim, node)).toList()
            : List.of());
  }

  private void volume(Volume volume) {
    switch (VolumeStep.decide(volume, claimOf(volume))) {
      case VolumeStep.Settled() -> {}
      case VolumeStep.Move(var phase) -> binding.move(volume, phase);
      case VolumeStep.Free() -> binding.free(volume);
    }
  }

  private @Nullable Claim claimOf(Volume volume) {
    if (!volume.claimed()) {
      return null;
    }
    var parts = volume.claimKey().split("/", 2);
    var seen = view.claim(parts[0], parts[1]);
    if (seen.isPresent() && seen.get().uid().equals(volume.claimUid())) {
      return seen.get();
    }
    // To release a volume is to allow its deletion: only the server itself may say that the claim
    // is gone. A volume may be seen before its claim.
    return volume.claimUid().isEmpty()
        ? null
        : client.get(Kind.CLAIM, parts[0], parts[1]).map(Claim::new).orElse(null);
  }
}
