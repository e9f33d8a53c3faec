/**
 * Makes a volume for each claim of the driver's classes, and deletes it when its claim is gone.
 *
 * <p>Read {@code ClaimStep} for which claims are ours, {@code TopologyChoice} for where a volume
 * may be, {@code VolumeRequest} and {@code VolumeObject} for what the driver and the API server are
 * given, {@code ClaimReconciler} for how a volume is made; then {@code DeletionStep} and {@code
 * VolumeReconciler} for how it ends. The name of a volume is a pure function of its claim's UID:
 * that is what makes every step repeatable.
 */
@NullMarked
package io.csi4j.sidecars.provisioner;

import org.jspecify.annotations.NullMarked;
