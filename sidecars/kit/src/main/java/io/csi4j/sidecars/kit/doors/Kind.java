package io.csi4j.sidecars.kit.doors;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/**
 * A kind of API object: where it lives at the API server and how its JSON becomes a slim record.
 *
 * @param group API group, empty for the core group
 * @param plural the resource's name in URLs and RBAC rules
 * @param part which objects of the kind are meant where all of them are listed or watched
 */
public record Kind<T extends Resource>(
    String group,
    String version,
    String plural,
    String name,
    Scope scope,
    Reader<T> reader,
    Part part) {

  /** All objects of the kind. */
  public Kind(
      String group, String version, String plural, String name, Scope scope, Reader<T> reader) {
    this(group, version, plural, name, scope, reader, Part.ALL);
  }

  /** The same kind, of which only these objects are listed and watched. */
  public Kind<T> only(Part objects) {
    return new Kind<>(group, version, plural, name, scope, reader, objects);
  }

  /**
   * Some objects of a kind.
   *
   * @param namespace empty for all
   * @param labels a label selector as in URLs, empty for all
   * @param name of the only object that is meant, empty for all
   */
  public record Part(String namespace, String labels, String name) {
    public static final Part ALL = new Part("", "");

    public Part(String namespace, String labels) {
      this(namespace, labels, "");
    }

    /**
     * One object, followed by whoever would otherwise ask for it again and again: its table is a
     * help only, and stays empty where it may not be filled.
     */
    public static Part one(ObjectKey key) {
      return new Part(key.namespace(), "", key.name());
    }

    public boolean isOne() {
      return !name.isEmpty();
    }
  }

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
