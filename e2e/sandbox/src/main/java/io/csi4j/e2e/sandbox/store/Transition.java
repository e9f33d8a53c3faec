package io.csi4j.e2e.sandbox.store;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a write makes of an object. */
public sealed interface Transition {

  /** Stores the tree, which is the store's from now on. */
  record Put(ObjectNode object) implements Transition {}

  /** Removes the object; watches see this last state. */
  record Remove(ObjectNode last) implements Transition {}

  /** Leaves everything as it is: no revision, no event. */
  record Keep() implements Transition {}
}
