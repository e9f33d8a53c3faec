package io.csi4j.sidecars.provisioner;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.proto.csi.v1.Topology;
import io.csi4j.proto.csi.v1.Volume;
import io.csi4j.proto.csi.v1.VolumeCapability;
import io.csi4j.proto.csi.v1.VolumeCapability.AccessMode.Mode;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.Quantity;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.provisioner.SecretTemplates.Purpose;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The PersistentVolume of a volume. Pure. It is drafted before the driver is asked, from claim and
 * class as they are then, and completed with the driver's answer.
 */
record VolumeObject(
    String driver,
    String identity,
    boolean readOnlyPublish,
    boolean topology,
    List<String> copiedLabels) {

  /** What a draft is made of. */
  record Parts(
      Claim claim, StorageClass storageClass, CreateVolumeRequest request, Secrets secrets) {}

  /** Where the volume's secrets are, by purpose. */
  record Secrets(Map<Purpose, ObjectKey> refs) {
    static final Secrets NONE = new Secrets(Map.of());
  }

  ObjectNode draft(Parts parts, String attributesClass) {
    var body = JsonNodeFactory.instance.objectNode();
    metadata(body.putObject("metadata"), parts);
    var claim = parts.claim();
    var spec = body.putObject("spec");
    claim.accessModes().forEach(spec.putArray("accessModes")::add);
    if (claim.volumeMode() != null) {
      spec.put("volumeMode", claim.volumeMode());
    }
    var storageClass = parts.storageClass();
    if (!storageClass.mountOptions().isEmpty()) {
      storageClass.mountOptions().forEach(spec.putArray("mountOptions")::add);
    }
    spec.put("persistentVolumeReclaimPolicy", storageClass.reclaimPolicy());
    spec.put("storageClassName", ClaimFacts.className(claim));
    if (!attributesClass.isEmpty()) {
      spec.put("volumeAttributesClassName", attributesClass);
    }
    claimRef(spec.putObject("claimRef"), claim.meta());
    csi(spec.putObject("csi"), parts);
    return body;
  }

  ObjectNode complete(Attempt attempt, Volume made) {
    var body = attempt.draft().deepCopy();
    var spec = body.withObject("/spec");
    spec.putObject("capacity").put("storage", Quantity.ofBytes(capacityOf(attempt, made)));
    affinity(spec, made.getAccessibleTopologyList());
    var csi = spec.withObject("/csi");
    csi.put("volumeHandle", made.getVolumeId());
    new TreeMap<>(made.getVolumeContextMap()).forEach(csi.withObject("/volumeAttributes")::put);
    return body;
  }

  /** A driver that does not say how large the volume became has made it as large as asked for. */
  static long capacityOf(Attempt attempt, Volume made) {
    return made.getCapacityBytes() == 0 ? attempt.wantedBytes() : made.getCapacityBytes();
  }

  private void metadata(ObjectNode metadata, Parts parts) {
    metadata.put("name", parts.request().getName());
    var annotations = metadata.putObject("annotations");
    annotations.put(Names.PROVISIONED_BY, driver);
    var deletion = parts.secrets().refs().get(Purpose.PROVISIONER);
    annotations.put(Names.DELETION_SECRET_NAME, deletion == null ? "" : deletion.name());
    annotations.put(Names.DELETION_SECRET_NAMESPACE, deletion == null ? "" : deletion.namespace());
    var modify = parts.secrets().refs().get(Purpose.CONTROLLER_MODIFY);
    if (modify != null) {
      annotations.put(Names.MODIFY_SECRET_NAME, modify.name());
      annotations.put(Names.MODIFY_SECRET_NAMESPACE, modify.namespace());
    }
    metadata.putArray("finalizers").add(Names.VOLUME_FINALIZER);
    var labels = parts.claim().meta().labels();
    for (var key : copiedLabels) {
      if (labels.containsKey(key)) {
        metadata.withObjectProperty("labels").put(key, labels.get(key));
      }
    }
  }

  private static void claimRef(ObjectNode reference, Meta claim) {
    reference.put("apiVersion", "v1");
    reference.put("kind", "PersistentVolumeClaim");
    reference.put("namespace", claim.namespace());
    reference.put("name", claim.name());
    reference.put("uid", claim.uid());
    reference.put("resourceVersion", claim.resourceVersion());
  }

  /**
   * Places without segments say nothing, and an affinity without terms would be refused. A driver
   * that says where a volume is and has no topology is not believed.
   */
  private void affinity(ObjectNode spec, List<Topology> places) {
    if (!topology) {
      return;
    }
    var terms = JsonNodeFactory.instance.arrayNode();
    for (var place : places) {
      if (place.getSegmentsCount() > 0) {
        var expressions = terms.addObject().putArray("matchExpressions");
        new TreeMap<>(place.getSegmentsMap())
            .forEach(
                (key, value) -> {
                  var expression = expressions.addObject();
                  expression.put("key", key).put("operator", "In");
                  expression.putArray("values").add(value);
                });
      }
    }
    if (!terms.isEmpty()) {
      spec.putObject("nodeAffinity").putObject("required").set("nodeSelectorTerms", terms);
    }
  }

  private void csi(ObjectNode csi, Parts parts) {
    csi.put("driver", driver);
    var capabilities = parts.request().getVolumeCapabilitiesList();
    var fsType = capabilities.getFirst().getMount().getFsType();
    if (!fsType.isEmpty()) {
      csi.put("fsType", fsType);
    }
    if (readOnlyPublish && onlyReaders(capabilities)) {
      csi.put("readOnly", true);
    }
    csi.putObject("volumeAttributes").put(Names.IDENTITY_ATTRIBUTE, identity);
    reference(csi, "controllerPublishSecretRef", parts, Purpose.CONTROLLER_PUBLISH);
    reference(csi, "nodeStageSecretRef", parts, Purpose.NODE_STAGE);
    reference(csi, "nodePublishSecretRef", parts, Purpose.NODE_PUBLISH);
    reference(csi, "controllerExpandSecretRef", parts, Purpose.CONTROLLER_EXPAND);
    reference(csi, "nodeExpandSecretRef", parts, Purpose.NODE_EXPAND);
  }

  private static void reference(ObjectNode csi, String field, Parts parts, Purpose purpose) {
    var secret = parts.secrets().refs().get(purpose);
    if (secret != null) {
      csi.putObject(field).put("name", secret.name()).put("namespace", secret.namespace());
    }
  }

  private static boolean onlyReaders(List<VolumeCapability> capabilities) {
    return capabilities.size() == 1
        && capabilities.getFirst().getAccessMode().getMode() == Mode.MULTI_NODE_READER_ONLY;
  }
}
