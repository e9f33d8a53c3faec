/**
 * What all sidecars that stand between the cluster and a driver have in common, from the first
 * second to the last.
 */
@NullMarked
package io.csi4j.sidecars.kit.sidecar;

import org.jspecify.annotations.NullMarked;
