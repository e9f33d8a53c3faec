package io.csi4j.driver.local;

/** How far something is that files belong to. */
enum Stage {
  /** Its files may be there, in part. Nobody has been told about it. */
  BEING_MADE,
  READY,
  /** Its files may be gone, in part. */
  BEING_REMOVED
}
