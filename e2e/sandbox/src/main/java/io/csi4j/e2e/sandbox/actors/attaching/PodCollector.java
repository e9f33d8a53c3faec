package io.csi4j.e2e.sandbox.actors.attaching;

import io.csi4j.e2e.sandbox.actors.cluster.Client;
import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.loop.Actor;
import io.csi4j.e2e.sandbox.actors.loop.Attempts;
import io.csi4j.e2e.sandbox.actors.view.Pod;
import io.csi4j.e2e.sandbox.actors.view.View;
import java.time.Instant;

/** Deletes pods whose node will not: it is gone, or out of service for good. */
public final class PodCollector implements Actor {
  private final View view;
  private final Client client;
  private final Attempts attempts = Attempts.usual();

  public PodCollector(View view, Client client) {
    this.view = view;
    this.client = client;
  }

  @Override
  public Instant pass(Instant now) {
    for (var pod : view.pods()) {
      if (pod.scheduled() && lost(pod)) {
        attempts.attempt(
            pod.key(), now, () -> client.delete(Kind.POD, pod.namespace(), pod.name(), pod.uid()));
      }
    }
    return attempts.next(now);
  }

  private boolean lost(Pod pod) {
    var node = view.node(pod.nodeName());
    return node.isEmpty()
        || (node.get().outOfService() && !node.get().ready() && !pod.toleratesOutOfService());
  }
}
