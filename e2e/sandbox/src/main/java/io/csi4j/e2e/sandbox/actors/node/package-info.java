/**
 * A node: {@code Kubelet} is its loop, {@code MountStep} decides for each volume, {@code Mounting}
 * and {@code Unmounting} call the driver and keep the directories, {@code PluginWatcher} finds
 * drivers.
 */
@NullMarked
package io.csi4j.e2e.sandbox.actors.node;

import org.jspecify.annotations.NullMarked;
