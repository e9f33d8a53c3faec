/**
 * The four doors as a test needs them, in two ways.
 *
 * <p><b>By hand</b>: {@link io.csi4j.e2e.simulator.SimulatedCluster} and {@link
 * io.csi4j.e2e.simulator.SimulatedDriver} are a cluster in memory and a driver that knows what it
 * has made. Every effect announces itself to an {@link io.csi4j.e2e.simulator.Effects}, before and
 * after it happens: there a test counts, fails or ends the process's life ({@link
 * io.csi4j.e2e.simulator.CrashAt} does so at each moment in turn).
 *
 * <p><b>By seed</b>: a {@link io.csi4j.e2e.simulator.Scenario} is a world with a program in it, and
 * a {@link io.csi4j.e2e.simulator.Simulation} runs it. The seed decides who runs next, what fails,
 * is slow, comes late or is done unheard, when processes die and what users do; the same seed does
 * the same, to the letter, in every process.
 *
 * <pre>{@code
 * static Scenario attacher() {
 *   return Scenario.of("attacher", doors -> controllers(doors))        // kit's Controllers
 *       .before(world -> world.cluster().put(Volume.KIND, volume()))   // what is there at first
 *       .users(draw -> List.of(                                        // within the first minute
 *           new UserAction(draw.moment(ofSeconds(0), ofSeconds(20)), "attaches", world -> ...)))
 *       .actor("volume binder", new VolumeBinder())                    // other components
 *       .replicas(2)                                                   // with the real election
 *       .holds(Invariants.NOTHING_LEAKED)
 *       .holds(Invariant.atRest("attached as wanted", world -> wrongOnes(world)));
 * }
 *
 * new Simulation(attacher()).holds(0, 500);   // in a test: 500 seeds, the whole story if one fails
 * }</pre>
 *
 * <p>A run: a minute of trouble, then faults stop, then all must come to rest and every invariant
 * holds. That no two calls about one volume are under way at a time, that a repeat is the same
 * request, that nobody writes who does not lead and that no fiber ends by a bug is checked in every
 * run. What a driver does here is what CSI allows, no more: it refuses for good only what it has
 * not begun.
 *
 * <p>To read: {@code Scenario}, {@code World} (one run), {@code Replica} (a process and its lives),
 * {@code Gate} with the {@code Gated} doors (what happens to a call on its way), {@code Faults}
 * (what goes wrong where), {@code Shrink}; and below, {@code baton}.
 */
@NullMarked
package io.csi4j.e2e.simulator;

import org.jspecify.annotations.NullMarked;
