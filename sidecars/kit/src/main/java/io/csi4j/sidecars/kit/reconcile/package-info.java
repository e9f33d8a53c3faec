/**
 * The loop around a controller: takes a key from the queue, runs the reconciler, and does with the
 * key what the {@link io.csi4j.sidecars.kit.reconcile.Verdict} says.
 */
@NullMarked
package io.csi4j.sidecars.kit.reconcile;

import org.jspecify.annotations.NullMarked;
