/**
 * Makes a volume for each claim of the driver's classes, and deletes it when its claim is gone.
 *
 * <p>Read {@code ClaimStep} for which claims are ours; {@code Preparation} for what a volume
 * depends on, with {@code Source}, {@code SourceContent}, {@code SourceCheck}, {@code
 * AttributesLookup}, {@code TopologyChoice} and {@code SecretTemplates}; {@code VolumeRequest} and
 * {@code VolumeObject} for what the driver and the API server are given; {@code Attempt}, {@code
 * VolumeMaker} and {@code ClaimReconciler} for how a volume is made. Then {@code DeletionStep} and
 * {@code VolumeReconciler} for how it ends.
 *
 * <p>What is begun is written down first, whole, and repeated word by word until its end is known,
 * in whatever life of the process. The name of a volume is a pure function of its claim's UID: that
 * is what makes every step repeatable.
 *
 * <p>Apart from that stand {@code CloneProtection} and {@code SnapshotSweep}, {@code Capacity} with
 * its view and loops, {@code NodeContest} for one provisioner on each node, {@code NodeLossStep}
 * for volumes whose nodes are gone, {@code CallGate} for how much the driver is asked at once, and
 * {@code Explainer}, which lets all of the above look at one object without consequences.
 */
@NullMarked
package io.csi4j.sidecars.provisioner;

import org.jspecify.annotations.NullMarked;
