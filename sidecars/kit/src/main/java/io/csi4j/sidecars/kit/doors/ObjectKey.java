package io.csi4j.sidecars.kit.doors;

/** Names one object of a kind; {@code namespace} is empty for objects that live in none. */
public record ObjectKey(String namespace, String name) {

  public static ObjectKey cluster(String name) {
    return new ObjectKey("", name);
  }

  @Override
  public String toString() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }
}
