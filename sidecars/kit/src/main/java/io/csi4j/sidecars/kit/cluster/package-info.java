/**
 * The door to the API server, for real: slim records, tables that a list and a watch keep fresh,
 * and field-scoped writes.
 *
 * <p>Lists and watches are streamed into records straight from the HTTP body, because what costs
 * memory is not what one keeps but the garbage of parsing whole objects. Read {@link
 * io.csi4j.sidecars.kit.cluster.Claim} to see a kind, then {@code Reflector}, {@code MemoryTable}
 * and {@link io.csi4j.sidecars.kit.cluster.ApiCluster}.
 */
@NullMarked
package io.csi4j.sidecars.kit.cluster;

import org.jspecify.annotations.NullMarked;
