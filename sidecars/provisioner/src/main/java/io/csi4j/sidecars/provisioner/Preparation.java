package io.csi4j.sidecars.provisioner;

import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Intent;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.provisioner.Plan.Guarded;
import io.csi4j.sidecars.provisioner.SecretTemplates.Purpose;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Looks at all that a claim's volume depends on, and makes of it the request and the object. It
 * reads and writes nothing, so whoever only wants to know may ask it, too.
 */
final class Preparation {
  private final Cluster cluster;
  private final ClusterView view;
  private final DriverTraits traits;
  private final Recipe recipe;
  private final SourceContent contents;
  private final AttributesLookup attributes;

  Preparation(Cluster cluster, ClusterView view, DriverTraits traits, Recipe recipe) {
    this.cluster = cluster;
    this.view = view;
    this.traits = traits;
    this.recipe = recipe;
    contents = new SourceContent(cluster, view, traits.name(), recipe.limits());
    attributes = new AttributesLookup(cluster, traits.name(), recipe.gates());
  }

  Plan plan(Claim claim, StorageClass storageClass) {
    var gates = attributes.gates(claim);
    var source = Source.of(claim, gates);
    if (source instanceof Source.Foreign(var kind)) {
      return new Plan.ForPopulator(kind);
    }
    var missing = Abilities.missing(claim, source, traits, gates);
    if (!missing.isEmpty()) {
      return new Plan.Impossible(missing);
    }
    try {
      var content = contents.of(claim, source);
      var place = place(claim, storageClass);
      return switch (place) {
        case TopologyChoice.Unknown(var reason) -> new Plan.Impossible(reason);
        case TopologyChoice.NodeGone(var reason) -> new Plan.NodeGone(reason);
        case TopologyChoice.Anywhere _, TopologyChoice.Places _ -> {
          var additions =
              new VolumeRequest.Additions(
                  place,
                  content,
                  attributes.parameters(claim),
                  ofNamespace(claim.meta().namespace()));
          var request = recipe.requests().build(claim, storageClass, additions);
          yield new Plan.Create(attempt(claim, storageClass, request, source), guarded(source));
        }
      };
    } catch (IllegalArgumentException | Refused e) {
      return new Plan.Impossible(String.valueOf(e.getMessage()));
    }
  }

  private Attempt attempt(
      Claim claim, StorageClass storageClass, CreateVolumeRequest request, Source source) {
    var secrets = secrets(claim, storageClass, request.getName());
    var parts = new VolumeObject.Parts(claim, storageClass, request, secrets);
    var draft = recipe.objects().draft(parts, attributes.name(claim));
    var own = secrets.refs().get(Purpose.PROVISIONER);
    var intent =
        Intent.of(
            request,
            new Intent.Claimant(claim.key(), claim.meta().uid()),
            own == null ? List.of() : List.of(own));
    var snapshot = source instanceof Source.OfSnapshot(var key, _) ? key : null;
    return Attempt.of(intent, draft, snapshot);
  }

  private static Guarded guarded(Source source) {
    return switch (source) {
      case Source.OfSnapshot(var key, _) -> new Guarded(null, key);
      case Source.OfClaim(var key, _) -> new Guarded(key, null);
      case Source.Nothing _, Source.Foreign _, Source.Wrong _ -> Guarded.NOTHING;
    };
  }

  TopologyChoice place(Claim claim, StorageClass storageClass) {
    if (!traits.topology() || !recipe.gates().topology()) {
      return new TopologyChoice.Anywhere();
    }
    return TopologyChoice.decide(
        new TopologyFacts(
            traits.name(),
            claim.meta().name(),
            ClaimFacts.selectedNode(claim),
            storageClass.allowedTopologies(),
            view.csiNodes(),
            view.nodes(),
            recipe.placing()));
  }

  private VolumeObject.Secrets secrets(Claim claim, StorageClass storageClass, String volume) {
    var templates = new SecretTemplates(storageClass.parameters());
    var subject = new SecretTemplates.Subject(volume, claim.key(), claim.meta().annotations());
    var refs = new EnumMap<Purpose, ObjectKey>(Purpose.class);
    for (var purpose : Purpose.values()) {
      var found = templates.resolve(purpose, subject);
      if (found != null) {
        refs.put(purpose, found);
      }
    }
    return new VolumeObject.Secrets(refs);
  }

  /** Read anew each time: it is a few requests for those who want it, and no table of all. */
  private Map<String, String> ofNamespace(String name) {
    var keys = recipe.requests().shaping().labels().namespace();
    if (keys.isNone()) {
      return Map.of();
    }
    try {
      return cluster
          .read(Namespace.KIND, ObjectKey.cluster(name))
          .map(namespace -> keys.parameters(namespace.meta()))
          .orElseThrow(() -> new Refused("namespaces \"%s\" not found".formatted(name)));
    } catch (ApiFailure.Forbidden e) {
      throw new Refused(String.valueOf(e.getMessage()));
    }
  }
}
