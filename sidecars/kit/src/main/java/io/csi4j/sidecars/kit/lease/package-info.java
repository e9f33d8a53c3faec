/**
 * Leadership by a Lease, as the Go tools do it, so that replicas of both kinds can follow each
 * other.
 *
 * <p>Read {@link io.csi4j.sidecars.kit.lease.LeaseStep} first: all that is decided. {@link
 * io.csi4j.sidecars.kit.lease.LeaseClaim} carries one decision out, {@link
 * io.csi4j.sidecars.kit.lease.Elector} does so again and again, {@link
 * io.csi4j.sidecars.kit.lease.Leadership} is what the leader's work gets: its end, and the doors
 * that close with it. {@link io.csi4j.sidecars.kit.lease.LeaseNews} tells a standby what becomes of
 * another's lease, so that it need not ask. {@link io.csi4j.sidecars.kit.lease.Election} is all
 * that a sidecar sees.
 *
 * <p>Invariants: whether another's lease has run out is judged by how long this process has seen it
 * unchanged, never by comparing clocks of two machines. Nothing is written through a door that
 * {@link io.csi4j.sidecars.kit.lease.Leadership} gave once the lease may belong to another. Leases
 * are read and replaced, never patched: the Go tools' manifests do not grant that.
 */
@NullMarked
package io.csi4j.sidecars.kit.lease;

import org.jspecify.annotations.NullMarked;
