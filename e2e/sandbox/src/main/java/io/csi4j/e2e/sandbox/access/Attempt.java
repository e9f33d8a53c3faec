package io.csi4j.e2e.sandbox.access;

/**
 * What somebody wants to do.
 *
 * @param resource with its subresource, as {@code pods/status}
 * @param namespace empty for the whole cluster
 * @param name empty for collections
 */
public record Attempt(String verb, String group, String resource, String namespace, String name) {

  /** The words of the API server's refusal. */
  public String refusal(User user) {
    var where =
        namespace.isEmpty()
            ? "at the cluster scope"
            : "in the namespace \"%s\"".formatted(namespace);
    return "User \"%s\" cannot %s resource \"%s\" in API group \"%s\" %s"
        .formatted(user.name(), verb, resource, group, where);
  }
}
