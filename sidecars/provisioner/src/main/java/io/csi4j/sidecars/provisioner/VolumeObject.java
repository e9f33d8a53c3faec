package io.csi4j.sidecars.provisioner;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.proto.csi.v1.Topology;
import io.csi4j.proto.csi.v1.Volume;
import io.csi4j.proto.csi.v1.VolumeCapability.AccessMode.Mode;
import io.csi4j.sidecars.kit.cluster.Quantity;
import java.util.List;
import java.util.TreeMap;

/** The PersistentVolume of a volume that the driver has made. Pure. */
record VolumeObject(String driver, String identity, boolean readOnlyPublish) {

  ObjectNode build(Attempt attempt, Volume made) {
    var body = JsonNodeFactory.instance.objectNode();
    metadata(body.putObject("metadata"), attempt);
    var claim = attempt.claim();
    var spec = body.putObject("spec");
    spec.putObject("capacity").put("storage", Quantity.ofBytes(capacityOf(attempt, made)));
    claim.accessModes().forEach(spec.putArray("accessModes")::add);
    if (claim.volumeMode() != null) {
      spec.put("volumeMode", claim.volumeMode());
    }
    var storageClass = attempt.storageClass();
    if (!storageClass.mountOptions().isEmpty()) {
      storageClass.mountOptions().forEach(spec.putArray("mountOptions")::add);
    }
    spec.put("persistentVolumeReclaimPolicy", storageClass.reclaimPolicy());
    spec.put("storageClassName", ClaimFacts.className(claim));
    claimRef(spec.putObject("claimRef"), attempt);
    affinity(spec, made.getAccessibleTopologyList());
    csi(spec.putObject("csi"), attempt, made);
    return body;
  }

  /** A driver that does not say how large the volume became has made it as large as asked for. */
  static long capacityOf(Attempt attempt, Volume made) {
    return made.getCapacityBytes() == 0
        ? attempt.request().getCapacityRange().getRequiredBytes()
        : made.getCapacityBytes();
  }

  private void metadata(ObjectNode metadata, Attempt attempt) {
    metadata.put("name", attempt.request().getName());
    var annotations = metadata.putObject("annotations");
    annotations.put(Names.PROVISIONED_BY, driver);
    annotations.put(Names.DELETION_SECRET_NAME, "");
    annotations.put(Names.DELETION_SECRET_NAMESPACE, "");
    metadata.putArray("finalizers").add(Names.VOLUME_FINALIZER);
  }

  private static void claimRef(ObjectNode reference, Attempt attempt) {
    var meta = attempt.claim().meta();
    reference.put("apiVersion", "v1");
    reference.put("kind", "PersistentVolumeClaim");
    reference.put("namespace", meta.namespace());
    reference.put("name", meta.name());
    reference.put("uid", meta.uid());
    reference.put("resourceVersion", meta.resourceVersion());
  }

  /** Places without segments say nothing, and an affinity without terms would be refused. */
  private static void affinity(ObjectNode spec, List<Topology> places) {
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

  private void csi(ObjectNode csi, Attempt attempt, Volume made) {
    csi.put("driver", driver);
    csi.put("volumeHandle", made.getVolumeId());
    if (!VolumeRequest.isBlock(attempt.claim()) && !attempt.fsType().isEmpty()) {
      csi.put("fsType", attempt.fsType());
    }
    if (readOnlyPublish && onlyReaders(attempt)) {
      csi.put("readOnly", true);
    }
    var attributes = csi.putObject("volumeAttributes");
    attributes.put(Names.IDENTITY_ATTRIBUTE, identity);
    new TreeMap<>(made.getVolumeContextMap()).forEach(attributes::put);
  }

  private static boolean onlyReaders(Attempt attempt) {
    var capabilities = attempt.request().getVolumeCapabilitiesList();
    return capabilities.size() == 1
        && capabilities.getFirst().getAccessMode().getMode() == Mode.MULTI_NODE_READER_ONLY;
  }
}
