package io.csi4j.driver.local;

import java.util.SortedMap;

/** Something that the journal remembers. */
interface Journaled {
  String id();

  /** By which callers ask for it again; empty for what is only found by its ID. */
  String name();

  Stage stage();

  SortedMap<String, String> fields();
}
