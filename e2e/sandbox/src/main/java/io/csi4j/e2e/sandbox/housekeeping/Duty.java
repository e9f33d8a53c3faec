package io.csi4j.e2e.sandbox.housekeeping;

/** What a sandbox sees to by itself; tests with actors of their own take some of it over. */
public enum Duty {
  /** Objects whose owners are gone. */
  DEPENDANTS,
  /** Finalizers of claims, volumes and attributes classes that nobody uses any more. */
  PROTECTION,
  /** Content of namespaces, and of kinds whose definition goes; the default service account. */
  CONTAINERS
}
