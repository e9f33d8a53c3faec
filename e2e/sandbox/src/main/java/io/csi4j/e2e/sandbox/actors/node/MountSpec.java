package io.csi4j.e2e.sandbox.actors.node;

import io.csi4j.e2e.sandbox.actors.view.VolumeNames;

/**
 * What is known of a volume for as long as anything of it is on the node, also after a restart.
 *
 * @param specName the PersistentVolume's name, or that of an inline volume in its pod
 */
record MountSpec(String driver, String handle, String specName, Form form) {

  /** In what form pods get it. */
  enum Form {
    FILE_SYSTEM,
    BLOCK,
    INLINE
  }

  boolean block() {
    return form == Form.BLOCK;
  }

  boolean inline() {
    return form == Form.INLINE;
  }

  String unique() {
    return VolumeNames.unique(driver, handle);
  }

  String pathName() {
    return specName.replace('/', '~');
  }
}
