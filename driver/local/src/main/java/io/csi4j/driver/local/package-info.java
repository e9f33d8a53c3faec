/**
 * Volumes on the node's own disk: each one an image file, seen as a disk through a loop device, or
 * a subvolume where the pool is btrfs and nothing speaks against it ({@code Offer}).
 *
 * <p>{@link io.csi4j.driver.local.LocalDriver} builds it all. {@code Pool} is the folder with the
 * images, {@code Records} what is known about them; both survive {@code kill -9}. Deciding is in
 * {@code CreateStep}, {@code DeleteStep} and {@code AttachStep}; {@code LocalVolumes} and {@code
 * LocalAttachments} carry it out. On the node side {@code LoopImages} says which devices the
 * volumes are, the framework does the rest.
 *
 * <p>Order of effects when a volume is made: journal the intent, make the files, journal that it is
 * ready; when it is removed: journal that it goes, remove the files, forget it. What a crash leaves
 * between is finished at the next start, so there is never an image that the journal does not know.
 */
@NullMarked
package io.csi4j.driver.local;

import org.jspecify.annotations.NullMarked;
