/**
 * Tests against a real Kubernetes that {@code e2e/cluster/up} has started; read
 * ClaimBecomesFileTest first.
 */
@NullMarked
package io.csi4j.e2e.cluster;

import org.jspecify.annotations.NullMarked;
