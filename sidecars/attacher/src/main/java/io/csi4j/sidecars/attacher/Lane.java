package io.csi4j.sidecars.attacher;

/** The two ways of an attachment; a jam on one must not be felt on the other. */
enum Lane {
  ATTACH,
  DETACH
}
