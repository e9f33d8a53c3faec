/**
 * One ordered story of all API writes and all CSI calls, and the {@code Invariants} that must hold
 * in every such story.
 */
@NullMarked
package io.csi4j.e2e.sandbox.actors.history;

import org.jspecify.annotations.NullMarked;
