package io.csi4j.e2e.sandbox.api;

import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.status.Subject;
import io.csi4j.e2e.sandbox.store.Store;

/**
 * What a path points at: a collection where the name is empty, else an object or a part of it.
 *
 * @param namespace empty for kinds without one, and for all namespaces
 */
record Target(ResourceType type, String namespace, String name, String subresource) {

  boolean isCollection() {
    return name.isEmpty();
  }

  boolean is(String wanted) {
    return subresource.equals(wanted);
  }

  Target named(String newName) {
    return new Target(type, namespace, newName, subresource);
  }

  String key() {
    return Store.key(namespace, name);
  }

  Subject subject() {
    return type.subject(name);
  }

  /** The resource as rules of RBAC name it. */
  String resource() {
    return subresource.isEmpty() ? type.plural() : type.plural() + "/" + subresource;
  }
}
