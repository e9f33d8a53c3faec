package io.csi4j.e2e.sandbox.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import io.csi4j.e2e.sandbox.status.Subject;
import java.util.List;
import java.util.Set;

/**
 * A kind in one version, and how the API treats it.
 *
 * @param fields what it is made of; unknown members are dropped where this is closed
 * @param schema what its CRD demands; missing for built-in kinds
 */
public record ResourceType(
    String group,
    String version,
    Names names,
    Scope scope,
    Set<Trait> traits,
    Fields fields,
    JsonNode schema,
    List<Column> columns) {

  public ResourceType {
    traits = Set.copyOf(traits);
    columns = List.copyOf(columns);
  }

  /** How a kind is called. */
  public record Names(
      String kind,
      String plural,
      String singular,
      List<String> shortNames,
      List<String> categories) {

    public Names {
      shortNames = List.copyOf(shortNames);
      categories = List.copyOf(categories);
    }
  }

  /** Whether its objects live in namespaces. */
  public enum Scope {
    CLUSTER,
    NAMESPACED
  }

  /** In what its treatment differs from kind to kind. */
  public enum Trait {
    /** Has a /status, and ignores status in writes of the object itself. */
    STATUS,
    /** A write to /status may also change labels, annotations and finalizers. */
    STATUS_WRITES_METADATA,
    /** PUT without a resourceVersion overwrites whatever is there. */
    UNCONDITIONAL_UPDATE,
    /** PUT creates what is not there. */
    CREATE_ON_UPDATE,
    /** DELETE answers with the object, not with a Status. */
    RETURNS_DELETED,
    /** Counts changes of its specification in metadata.generation. */
    GENERATION,
    /** Comes from a CRD. */
    CUSTOM,
    /** Is asked, never stored. */
    REVIEW
  }

  public String plural() {
    return names.plural();
  }

  public String kind() {
    return names.kind();
  }

  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** The kind's place in the store, one for all its versions. */
  public String shelf() {
    // Events of both groups are the same objects.
    var shared = group.isEmpty() || group.equals("events.k8s.io");
    return shared ? plural() : plural() + "." + group;
  }

  public boolean namespaced() {
    return scope == Scope.NAMESPACED;
  }

  public boolean has(Trait trait) {
    return traits.contains(trait);
  }

  public Subject subject(String name) {
    return new Subject(group, plural(), kind(), name);
  }

  /** Where its collection is served: {@code /api/v1} or {@code /apis/GROUP/VERSION}. */
  public String root() {
    return (group.isEmpty() ? "/api/" : "/apis/") + apiVersion();
  }
}
