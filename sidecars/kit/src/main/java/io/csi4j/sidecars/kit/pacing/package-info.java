/**
 * How fast something may be done: token buckets, and a door to the API server that waits for one;
 * and how much may be done at once, learned from how long it takes.
 */
@NullMarked
package io.csi4j.sidecars.kit.pacing;

import org.jspecify.annotations.NullMarked;
