/**
 * Fibers that run one at a time, in an order that a seed decides, in time that passes when nobody
 * has anything left to do.
 *
 * <p>{@link io.csi4j.e2e.simulator.baton.Baton} is the scheduler, {@link
 * io.csi4j.e2e.simulator.baton.Life} a group of fibers that dies together, {@link
 * io.csi4j.e2e.simulator.baton.Chance} where everything random comes from.
 */
@NullMarked
package io.csi4j.e2e.simulator.baton;

import org.jspecify.annotations.NullMarked;
