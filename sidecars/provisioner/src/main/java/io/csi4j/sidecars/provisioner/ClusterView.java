package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.DataSource;
import io.csi4j.sidecars.kit.cluster.Node;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the provisioner reads. Nodes are watched only for drivers that have a topology. */
final class ClusterView {
  static final Table.Index<Attachment> BY_VOLUME =
      new Table.Index<>(
          "volume",
          attachment ->
              attachment.volumeName() == null ? List.of() : List.of(attachment.volumeName()));
  static final Table.Index<Claim> BY_CLASS =
      new Table.Index<>("class", claim -> List.of(ClaimFacts.className(claim)));

  /** Claims by what their volumes are filled from: {@code kind namespace/name}. */
  static final Table.Index<Claim> BY_SOURCE = new Table.Index<>("source", ClusterView::sources);

  private final DriverTraits traits;
  private final @Nullable LocalNode local;
  private final Table<Claim> claims;
  private final Table<Volume> volumes;
  private final Table<StorageClass> classes;
  private final @Nullable Table<Attachment> attachments;
  private final @Nullable Table<CsiNode> csiNodes;
  private final @Nullable Table<Node> nodes;

  /** {@code local} where one node is served only: then the driver says what that node is. */
  ClusterView(Cluster cluster, DriverTraits traits, @Nullable LocalNode local) {
    this(cluster, traits, local, traits.topology() && local == null);
  }

  /** {@code watchesNodes} where nodes matter, also for a driver without a topology. */
  ClusterView(
      Cluster cluster, DriverTraits traits, @Nullable LocalNode local, boolean watchesNodes) {
    this.traits = traits;
    this.local = local;
    claims = cluster.table(Claim.KIND, List.of(BY_CLASS, BY_SOURCE));
    volumes = cluster.table(Volume.KIND);
    classes = cluster.table(StorageClass.KIND);
    attachments = traits.publishes() ? cluster.table(Attachment.KIND, List.of(BY_VOLUME)) : null;
    csiNodes = watchesNodes ? cluster.table(CsiNode.KIND) : null;
    nodes = watchesNodes ? cluster.table(Node.KIND) : null;
  }

  /** Asks for all of them, to be filled before anybody looks. */
  static void tables(Cluster cluster, DriverTraits traits, boolean watchesNodes) {
    var unused = new ClusterView(cluster, traits, null, watchesNodes);
  }

  @Nullable Claim claim(ObjectKey key) {
    return claims.get(key);
  }

  @Nullable Volume volume(String name) {
    return volumes.get(ObjectKey.cluster(name));
  }

  @Nullable StorageClass storageClass(String name) {
    return classes.get(ObjectKey.cluster(name));
  }

  List<Attachment> attachmentsOf(String volumeName) {
    return attachments == null ? List.of() : attachments.by(BY_VOLUME, volumeName);
  }

  List<CsiNode> csiNodes() {
    if (local != null) {
      return List.of(local.csiNode(traits.name()));
    }
    return csiNodes == null ? List.of() : csiNodes.all();
  }

  List<Node> nodes() {
    if (local != null) {
      return List.of(local.node());
    }
    return allNodes();
  }

  /** Those of the cluster, also where one is served only. */
  List<Node> allNodes() {
    return nodes == null ? List.of() : nodes.all();
  }

  /** Those that some nodes only can use. */
  List<Volume> placedVolumes() {
    return volumes.all().stream().filter(volume -> !volume.affinity().isEmpty()).toList();
  }

  String driver() {
    return traits.name();
  }

  List<StorageClass> storageClasses() {
    return classes.all();
  }

  /** The places that the driver's nodes make up. */
  Set<Term> places() {
    return Segments.of(csiNodes(), nodes(), traits.name());
  }

  /** The node that is served alone. */
  @Nullable LocalNode local() {
    return local;
  }

  /** Claims whose volumes are to be filled from this. */
  List<Claim> filledFrom(String kind, ObjectKey source) {
    return claims.by(BY_SOURCE, kind + " " + source);
  }

  /** Whether a claim still waits for a volume from this snapshot, besides those served already. */
  boolean awaitsSnapshot(ObjectKey snapshot, Predicate<Claim> served) {
    return filledFrom(Source.SNAPSHOT_KIND, snapshot).stream()
        .anyMatch(claim -> claim.volumeName().isEmpty() && !served.test(claim));
  }

  private static List<ObjectKey> sourcesOf(Claim claim) {
    var source = claim.source() != null ? claim.source() : claim.sourceRef();
    if (source == null || !source.kind().equals(Source.CLAIM_KIND)) {
      return List.of();
    }
    var own = claim.meta().namespace();
    return List.of(
        new ObjectKey(source.namespace().isEmpty() ? own : source.namespace(), source.name()));
  }

  /** Of a kind that only has the name of one that we know. */
  private static boolean isForeign(DataSource source) {
    return source.kind().equals(Source.SNAPSHOT_KIND)
        && !source.group().isEmpty()
        && !source.group().equals(Names.SNAPSHOT_GROUP);
  }

  private static List<String> sources(Claim claim) {
    var named = new ArrayList<String>();
    for (var source : Arrays.asList(claim.source(), claim.sourceRef())) {
      if (source != null && !isForeign(source)) {
        var namespace =
            source.namespace().isEmpty() ? claim.meta().namespace() : source.namespace();
        var entry = source.kind() + " " + new ObjectKey(namespace, source.name());
        if (!named.contains(entry)) {
          named.add(entry);
        }
      }
    }
    return named.isEmpty() ? List.of() : List.copyOf(named);
  }

  /** Wakes keys as the objects change that decide about them. */
  void wake(Wakes wakes) {
    claims.onChange(
        (before, after) -> {
          var one = after == null ? before : after;
          if (one != null) {
            // Also when it is gone: what was begun for it is to be ended.
            wakes.claim(one);
            filledFrom(Source.CLAIM_KIND, one.key()).forEach(wakes::claim);
            wakes.source(one.key());
            sourcesOf(one).forEach(wakes::source);
          }
        });
    classes.onChange(
        (_, after) -> {
          wakes.places();
          if (after != null) {
            claims.by(BY_CLASS, after.meta().name()).forEach(wakes::claim);
          }
        });
    if (nodes != null && csiNodes != null) {
      nodes.onChange(
          (before, after) -> {
            if (before == null
                || after == null
                || !before.meta().labels().equals(after.meta().labels())) {
              wakes.places();
            }
            if (after == null) {
              wakes.nodeGone();
            }
          });
      csiNodes.onChange((_, _) -> wakes.places());
    }
    volumes.onChange((_, after) -> wakes.volume(after));
    if (attachments != null) {
      attachments.onChange(
          (before, after) -> {
            // A volume that was in use may be deleted now.
            if (after == null && before != null && before.volumeName() != null) {
              wakes.volume(volume(before.volumeName()));
            }
          });
    }
  }

  /** Whom to wake; null is nobody. */
  interface Wakes {
    void claim(@Nullable Claim claim);

    void volume(@Nullable Volume volume);

    /** Something that others may be cloned from. */
    void source(ObjectKey claim);

    /** Nodes or classes have changed. */
    void places();

    /** A node is not in the cluster any more. */
    void nodeGone();
  }
}
