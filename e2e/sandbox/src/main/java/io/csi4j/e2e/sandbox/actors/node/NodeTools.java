package io.csi4j.e2e.sandbox.actors.node;

import io.csi4j.e2e.sandbox.actors.cluster.Events;
import io.csi4j.e2e.sandbox.actors.view.View;

/** What the parts of one life of a node share. */
record NodeTools(
    NodePaths paths,
    View view,
    Events events,
    InputReader inputs,
    Plugins plugins,
    Actual actual,
    Operations operations,
    NodeObjects objects,
    PodStatuses statuses,
    ClaimResizes resizes) {}
