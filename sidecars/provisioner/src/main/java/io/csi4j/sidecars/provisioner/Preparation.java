package io.csi4j.sidecars.provisioner;

import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.proto.csi.v1.VolumeContentSource;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import io.csi4j.sidecars.kit.cluster.Volume;
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

  /** Known once a claim has asked; a server is upgraded more often than it forgets a kind. */
  private volatile boolean attributesServed;

  Preparation(Cluster cluster, ClusterView view, DriverTraits traits, Recipe recipe) {
    this.cluster = cluster;
    this.view = view;
    this.traits = traits;
    this.recipe = recipe;
  }

  /** What cannot be done, in words for the user; caught in one place. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String reason) {
      super(reason);
    }
  }

  Plan plan(Claim claim, StorageClass storageClass) {
    var gates = gates(claim);
    var source = Source.of(claim, gates);
    if (source instanceof Source.Foreign(var kind)) {
      return new Plan.ForPopulator(kind);
    }
    var missing = Abilities.missing(claim, source, traits, gates);
    if (!missing.isEmpty()) {
      return new Plan.Impossible(missing);
    }
    try {
      var content = content(claim, source);
      var place = place(claim, storageClass);
      return switch (place) {
        case TopologyChoice.Unknown(var reason) -> new Plan.Impossible(reason);
        case TopologyChoice.NodeGone(var reason) -> new Plan.NodeGone(reason);
        case TopologyChoice.Anywhere _, TopologyChoice.Places _ -> {
          var additions =
              new VolumeRequest.Additions(
                  place, content, changeable(claim), ofNamespace(claim.meta().namespace()));
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
    var draft = recipe.objects().draft(parts, attributesClass(claim));
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

  private VolumeRequest.Content content(Claim claim, Source source) {
    return switch (source) {
      case Source.Nothing _, Source.Foreign _ -> VolumeRequest.Content.NONE;
      case Source.Wrong(var reason) -> throw new Refused(reason);
      case Source.OfSnapshot(var key, var permission) -> {
        allow(claim, Names.SNAPSHOT_GROUP, source, new Wanted(key, permission));
        var usable = usable(snapshot(claim, key));
        var snapshot =
            VolumeContentSource.SnapshotSource.newBuilder().setSnapshotId(usable.handle());
        yield new VolumeRequest.Content(
            VolumeContentSource.newBuilder().setSnapshot(snapshot).build(), usable.bytesMin());
      }
      case Source.OfClaim(var key, var permission) -> {
        allow(claim, "", source, new Wanted(key, permission));
        var usable = usable(clone(claim, key));
        var volume = VolumeContentSource.VolumeSource.newBuilder().setVolumeId(usable.handle());
        yield new VolumeRequest.Content(
            VolumeContentSource.newBuilder().setVolume(volume).build(), usable.bytesMin());
      }
    };
  }

  private record Wanted(ObjectKey key, Source.Permission permission) {}

  private void allow(Claim claim, String group, Source source, Wanted wanted) {
    if (wanted.permission() == Source.Permission.SAME_NAMESPACE) {
      return;
    }
    var from = claim.meta().namespace();
    var grants =
        cluster.list(
            Grant.KIND.only(
                new io.csi4j.sidecars.kit.doors.Kind.Part(wanted.key().namespace(), "")));
    if (grants.stream()
        .noneMatch(grant -> grant.allows(from, group, source.kind(), wanted.key()))) {
      throw new Refused(
          "accessing %s/%s of %s dataSource from %s/%s isn't allowed"
              .formatted(
                  wanted.key().namespace(),
                  wanted.key().name(),
                  source.kind(),
                  from,
                  claim.meta().name()));
    }
  }

  private static SourceCheck.Usable usable(SourceCheck check) {
    return switch (check) {
      case SourceCheck.Usable usable -> usable;
      case SourceCheck.Unusable(var reason) -> throw new Refused(reason);
    };
  }

  private SourceCheck snapshot(Claim claim, ObjectKey key) {
    var snapshot = cluster.read(Snapshot.KIND, key).orElse(null);
    var content =
        snapshot == null || snapshot.content().isEmpty()
            ? null
            : cluster
                .read(SnapshotContent.KIND, ObjectKey.cluster(snapshot.content()))
                .orElse(null);
    return SourceCheck.of(
        new SourceCheck.SnapshotFacts(
            claim, key, snapshot, content, traits.name(), recipe.limits()));
  }

  private SourceCheck clone(Claim claim, ObjectKey key) {
    var source = view.claim(key);
    var volume =
        source == null || source.volumeName().isEmpty()
            ? null
            : cluster.read(Volume.KIND, ObjectKey.cluster(source.volumeName())).orElse(null);
    return SourceCheck.of(new SourceCheck.CloneFacts(claim, key, source, volume, traits.name()));
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

  private String attributesClass(Claim claim) {
    return gates(claim).attributesClass() ? claim.attributesClass() : "";
  }

  /** A server that is older than attributes classes may have the claim's field and not the kind. */
  private Gates gates(Claim claim) {
    var gates = recipe.gates();
    if (claim.attributesClass().isEmpty()
        || !gates.attributesClass()
        || gates.attributesChosen()
        || attributesServed) {
      return gates;
    }
    attributesServed = cluster.serves(AttributesClass.KIND);
    return attributesServed ? gates : gates.withoutAttributes();
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

  private Map<String, String> changeable(Claim claim) {
    var name = attributesClass(claim);
    if (name.isEmpty()) {
      return Map.of();
    }
    var found =
        cluster
            .read(AttributesClass.KIND, ObjectKey.cluster(name))
            .orElseThrow(
                () ->
                    new Refused(
                        "volumeattributesclasses.storage.k8s.io \"%s\" not found".formatted(name)));
    if (!found.driver().equals(traits.name())) {
      throw new Refused(
          "VAC %s referenced in PVC is for driver %s which does not match driver name %s"
              .formatted(name, found.driver(), traits.name()));
    }
    return found.parameters();
  }
}
