/**
 * The four doors. Every effect of a controller goes through one of these interfaces and through
 * nothing else, so that a simulator can own time, chance, faults and crashes, and {@code explain}
 * can run a controller that stops at its first write.
 *
 * <p>Read {@link io.csi4j.sidecars.kit.doors.Cluster} and {@link
 * io.csi4j.sidecars.kit.doors.Driver} first, then {@link io.csi4j.sidecars.kit.doors.Outcome}.
 * Nothing in this package does anything.
 */
@NullMarked
package io.csi4j.sidecars.kit.doors;

import org.jspecify.annotations.NullMarked;
