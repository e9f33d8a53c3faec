/**
 * Carries out VolumeAttachments: attaches volumes to nodes and detaches them.
 *
 * <p>Read {@code AttachStep}, {@code Rivals} and {@code DetachStep} for what is decided, {@code
 * AttachShell} and {@code DetachShell} for how it is done, {@code AttachmentWriter} for what is
 * written, {@code WakeRules} for what makes a key be looked at, {@code FairTurns} and {@code
 * CallLimit} for whose turn it is and how much is done at once, {@code ListReconciler} for what the
 * driver's list of volumes leads to, {@code AttacherLoops} for how the parts fit, {@link
 * io.csi4j.sidecars.attacher.Attacher} for how it all starts.
 *
 * <p>The attacher's finalizer on an attachment means "may be attached": it is set before the driver
 * is called, and removed only after the driver has said that the volume is detached. A volume has
 * one call to the driver at a time, and one that can be on one node only is published only where no
 * other attachment of it may be attached.
 */
@NullMarked
package io.csi4j.sidecars.attacher;

import org.jspecify.annotations.NullMarked;
