package io.csi4j.sidecars.kit.doors;

/** A slim, immutable record of an API object: only what some controller reads. */
public interface Resource {

  Meta meta();

  default ObjectKey key() {
    return meta().key();
  }
}
