/**
 * The node side of every driver whose volumes are block devices: making file systems, mounting them
 * where kubelet stages, showing them to workloads, and taking it all away again.
 *
 * <p>{@link io.csi4j.driver.framework.mount.DeviceNode} is the door in. The decisions are {@code
 * StageStep} and {@code PublishStep}, from facts that come from the kernel's mount table; {@code
 * DeviceStaging} and {@code DevicePublishing} carry them out. {@code NodeUsage} keeps what the
 * kernel does not know: who asked for a mount, and how.
 */
@NullMarked
package io.csi4j.driver.framework.mount;

import org.jspecify.annotations.NullMarked;
