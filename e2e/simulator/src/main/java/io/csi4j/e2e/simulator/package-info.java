/**
 * The four doors as a test needs them: a cluster in memory, a driver that knows what it has made,
 * time that passes when told.
 *
 * <p>Every effect announces itself to an {@code Effects}, before and after it happens: there a test
 * counts, fails or ends the process's life.
 */
@NullMarked
package io.csi4j.e2e.simulator;

import org.jspecify.annotations.NullMarked;
