package io.csi4j.sidecars.kit.doors;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/**
 * A kind of API object: where it lives at the API server and how its JSON becomes a slim record.
 *
 * @param group API group, empty for the core group
 * @param plural the resource's name in URLs and RBAC rules
 */
public record Kind<T extends Resource>(
    String group, String version, String plural, String name, Scope scope, Reader<T> reader) {

  /** Whether objects of a kind live in namespaces. */
  public enum Scope {
    CLUSTER,
    NAMESPACED
  }

  /** Turns one JSON object into a record, reading past everything that nobody needs. */
  @FunctionalInterface
  public interface Reader<T> {

    /** The parser stands on the object's opening brace and is left on its closing one. */
    T read(JsonParser json) throws IOException;
  }

  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  @Override
  public String toString() {
    return group.isEmpty() ? plural : plural + "." + group;
  }
}
