/**
 * How fast something may be done: token buckets, and a door to the API server that waits for one.
 */
@NullMarked
package io.csi4j.sidecars.kit.pacing;

import org.jspecify.annotations.NullMarked;
