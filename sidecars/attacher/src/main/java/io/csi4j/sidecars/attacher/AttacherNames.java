package io.csi4j.sidecars.attacher;

/** Names that other components and other versions of the attacher rely on. */
record AttacherNames(String driver) {
  static final String NODE_ID = "csi.alpha.kubernetes.io/node-id";

  /** The finalizer on attachments and volumes. */
  String finalizer() {
    var sanitized = driver.replaceAll("[^A-Za-z0-9-]", "-");
    return "external-attacher/" + sanitized + (sanitized.endsWith("-") ? "X" : "");
  }
}
