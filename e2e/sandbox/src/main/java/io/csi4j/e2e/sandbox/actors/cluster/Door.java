package io.csi4j.e2e.sandbox.actors.cluster;

import io.csi4j.e2e.sandbox.api.Answer;
import io.csi4j.e2e.sandbox.api.Request;

/** The way into the API server. */
@FunctionalInterface
public interface Door {
  Answer serve(Request request);
}
