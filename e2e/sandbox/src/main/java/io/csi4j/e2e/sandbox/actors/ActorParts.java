package io.csi4j.e2e.sandbox.actors;

import io.csi4j.e2e.sandbox.actors.cluster.Client;
import io.csi4j.e2e.sandbox.actors.cluster.Events;
import io.csi4j.e2e.sandbox.actors.view.View;

/** What an actor gets. */
public record ActorParts(View view, Client client, Events events) {}
