package io.csi4j.sidecars.kit.cluster;

import com.fasterxml.jackson.core.JsonParser;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.Resource;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A PersistentVolumeClaim.
 *
 * @param className {@code spec.storageClassName}; the old annotation is in {@code meta}
 * @param requestedStorage as the user wrote it, empty if missing
 * @param volumeName empty until the claim has a volume
 * @param hasSelector whether {@code spec.selector} is given
 * @param source {@code spec.dataSource}
 * @param sourceRef {@code spec.dataSourceRef}, which may be in another namespace
 * @param attributesClass {@code spec.volumeAttributesClassName}, empty if none
 */
public record Claim(
    Meta meta,
    @Nullable String className,
    String requestedStorage,
    List<String> accessModes,
    @Nullable String volumeMode,
    String volumeName,
    boolean hasSelector,
    @Nullable DataSource source,
    @Nullable DataSource sourceRef,
    String attributesClass,
    String phase)
    implements Resource {

  public static final Kind<Claim> KIND =
      new Kind<>(
          "",
          "v1",
          "persistentvolumeclaims",
          "PersistentVolumeClaim",
          Kind.Scope.NAMESPACED,
          json -> new Builder().read(json));

  /** Collects the fields while they stream by. */
  private static final class Builder {
    private Meta meta = MetaFields.none();
    private @Nullable String className;
    private String requestedStorage = "";
    private List<String> accessModes = List.of();
    private @Nullable String volumeMode;
    private String volumeName = "";
    private boolean hasSelector;
    private @Nullable DataSource source;
    private @Nullable DataSource sourceRef;
    private String attributesClass = "";
    private String phase = "";

    Claim read(JsonParser json) throws IOException {
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
      return new Claim(
          meta,
          className,
          requestedStorage,
          accessModes,
          volumeMode,
          volumeName,
          hasSelector,
          source,
          sourceRef,
          attributesClass,
          phase);
    }

    private void spec(String field, JsonParser json) throws IOException {
      switch (field) {
        case "storageClassName" -> className = Fields.sharedText(json);
        case "accessModes" -> accessModes = Fields.sharedTexts(json);
        case "volumeMode" -> volumeMode = Fields.sharedText(json);
        case "volumeName" -> volumeName = Fields.text(json);
        case "selector" -> hasSelector = json.currentToken().isStructStart();
        case "dataSource" -> source = DataSource.read(json);
        case "dataSourceRef" -> sourceRef = DataSource.read(json);
        case "volumeAttributesClassName" -> attributesClass = Fields.sharedText(json);
        case "resources" ->
            Fields.each(
                json,
                name -> {
                  if (name.equals("requests")) {
                    requestedStorage =
                        Fields.texts(json, "storage"::equals).getOrDefault("storage", "");
                  }
                });
        default -> {}
      }
    }

    private void status(String field, JsonParser json) throws IOException {
      if (field.equals("phase")) {
        phase = Fields.sharedText(json);
      }
    }
  }
}
