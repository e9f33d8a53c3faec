package io.csi4j.sidecars.kit.cluster;

import com.fasterxml.jackson.core.JsonParser;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Resource;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A PersistentVolume.
 *
 * @param csi missing where the volume is of another make
 * @param claim missing for a volume that was never bound
 * @param affinity which nodes can use it: those for which one of these holds; all where there is
 *     none
 */
public record Volume(
    Meta meta,
    @Nullable Csi csi,
    List<String> accessModes,
    @Nullable String volumeMode,
    List<String> mountOptions,
    String className,
    String reclaimPolicy,
    @Nullable ClaimRef claim,
    List<NodeTerm> affinity,
    String phase)
    implements Resource {

  /** {@code spec.csi}. */
  public record Csi(
      String driver,
      String handle,
      String fsType,
      boolean readOnly,
      Map<String, String> attributes,
      @Nullable ObjectKey controllerPublishSecret) {}

  /** {@code spec.claimRef}. */
  public record ClaimRef(ObjectKey key, String uid) {}

  public static final Kind<Volume> KIND =
      new Kind<>(
          "",
          "v1",
          "persistentvolumes",
          "PersistentVolume",
          Kind.Scope.CLUSTER,
          json -> new Builder().read(json));

  /** Collects the fields while they stream by. */
  private static final class Builder {
    private Meta meta = MetaFields.none();
    private @Nullable Csi csi;
    private List<String> accessModes = List.of();
    private @Nullable String volumeMode;
    private List<String> mountOptions = List.of();
    private String className = "";
    private String reclaimPolicy = "";
    private @Nullable ClaimRef claim;
    private List<NodeTerm> affinity = List.of();
    private String phase = "";

    Volume read(JsonParser json) throws IOException {
      Fields.each(
          json,
          field -> {
            switch (field) {
              case "metadata" -> meta = MetaFields.read(json);
              case "spec" -> Fields.each(json, name -> spec(name, json));
              case "status" -> Fields.each(json, name -> status(name, json));
              default -> {}
            }
          });
      return new Volume(
          meta,
          csi,
          accessModes,
          volumeMode,
          mountOptions,
          className,
          reclaimPolicy,
          claim,
          affinity,
          phase);
    }

    private void spec(String field, JsonParser json) throws IOException {
      switch (field) {
        case "csi" -> csi = new CsiBuilder().read(json);
        case "accessModes" -> accessModes = Fields.sharedTexts(json);
        case "volumeMode" -> volumeMode = Fields.sharedText(json);
        case "mountOptions" -> mountOptions = Fields.sharedTexts(json);
        case "storageClassName" -> className = Fields.sharedText(json);
        case "persistentVolumeReclaimPolicy" -> reclaimPolicy = Fields.sharedText(json);
        case "nodeAffinity" -> affinity = NodeTerm.read(json);
        case "claimRef" -> claim = claimRef(json);
        default -> {}
      }
    }

    private void status(String field, JsonParser json) throws IOException {
      if (field.equals("phase")) {
        phase = Fields.sharedText(json);
      }
    }

    private static ClaimRef claimRef(JsonParser json) throws IOException {
      var parts = Fields.texts(json, _ -> true);
      return new ClaimRef(
          new ObjectKey(
              parts.getOrDefault("namespace", "").intern(), parts.getOrDefault("name", "")),
          parts.getOrDefault("uid", ""));
    }
  }

  /** Collects {@code spec.csi}. */
  private static final class CsiBuilder {
    private String driver = "";
    private String handle = "";
    private String fsType = "";
    private boolean readOnly;
    private Map<String, String> attributes = Map.of();
    private @Nullable ObjectKey controllerPublishSecret;

    Csi read(JsonParser json) throws IOException {
      Fields.each(json, field -> visit(field, json));
      return new Csi(driver, handle, fsType, readOnly, attributes, controllerPublishSecret);
    }

    private void visit(String field, JsonParser json) throws IOException {
      switch (field) {
        case "driver" -> driver = Fields.sharedText(json);
        case "volumeHandle" -> handle = Fields.text(json);
        case "fsType" -> fsType = Fields.sharedText(json);
        case "readOnly" -> readOnly = Fields.truth(json);
        case "volumeAttributes" -> attributes = Fields.texts(json, _ -> true);
        case "controllerPublishSecretRef" -> controllerPublishSecret = SecretRef.read(json);
        default -> {}
      }
    }
  }
}
