/**
 * Carries out VolumeAttachments: attaches volumes to nodes and detaches them.
 *
 * <p>Read {@code AttachStep} and {@code DetachStep} for what is decided, {@code
 * AttachmentReconciler} for how it is done, {@code AttachmentWriter} for what is written, {@code
 * WakeRules} for what makes a key be looked at, {@code AttacherLoops} for how the parts fit, {@link
 * io.csi4j.sidecars.attacher.Attacher} for how it all starts. The attacher's finalizer on an
 * attachment means "may be attached": it is set before the driver is called, and removed only after
 * the driver has said that the volume is detached.
 */
@NullMarked
package io.csi4j.sidecars.attacher;

import org.jspecify.annotations.NullMarked;
