package io.csi4j.e2e.sandbox.actors.node;

import io.csi4j.e2e.sandbox.actors.cluster.Client;
import io.csi4j.e2e.sandbox.actors.cluster.Events;
import io.csi4j.e2e.sandbox.actors.csi.CsiCalls;
import io.csi4j.e2e.sandbox.actors.view.View;
import io.csi4j.e2e.sandbox.clock.Surroundings.Spawn;

/** What a node gets from outside. */
public record KubeletParts(View view, Client client, Events events, CsiCalls calls, Spawn spawn) {}
