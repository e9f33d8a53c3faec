/**
 * Answers kubelet's question whether the CSI driver is alive, so that a driver that hangs is
 * restarted. It has no part in the cluster: no API server, no rights. Read {@link
 * io.csi4j.sidecars.livenessprobe.LivenessProbe}, then {@code HealthView}.
 */
@NullMarked
package io.csi4j.sidecars.livenessprobe;

import org.jspecify.annotations.NullMarked;
