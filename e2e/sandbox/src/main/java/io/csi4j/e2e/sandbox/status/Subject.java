package io.csi4j.e2e.sandbox.status;

/** What a failure is about; the name is empty where there is none. */
public record Subject(String group, String plural, String kind, String name) {

  /** {@code persistentvolumes "pv-1"}, or without the name. */
  String quotedResource() {
    var resource = group.isEmpty() ? plural : plural + "." + group;
    return name.isEmpty() ? resource : "%s \"%s\"".formatted(resource, name);
  }

  String qualifiedKind() {
    return group.isEmpty() ? kind : kind + "." + group;
  }
}
