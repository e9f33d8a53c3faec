package io.csi4j.sidecars.kit.doors;

import java.util.Locale;

/** What one may be allowed to do with a kind of object. */
public enum Verb {
  GET,
  LIST,
  WATCH,
  CREATE,
  UPDATE,
  PATCH,
  DELETE;

  /** As in RBAC rules. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
