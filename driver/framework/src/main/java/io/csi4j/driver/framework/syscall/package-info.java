/**
 * The only place that talks to the kernel other than through the JDK: mounts, loop devices, sizes
 * of file systems, and the few foreign programs (mkfs and friends).
 *
 * <p>Read {@link io.csi4j.driver.framework.syscall.NativeResult} first, then {@code Libc} (how a C
 * function becomes a method handle), then the families: {@link
 * io.csi4j.driver.framework.syscall.Mounts} with {@link
 * io.csi4j.driver.framework.syscall.MountTable}, {@link
 * io.csi4j.driver.framework.syscall.LoopDevices}, {@link
 * io.csi4j.driver.framework.syscall.FileSpace}, {@link
 * io.csi4j.driver.framework.syscall.ForeignProgram}.
 *
 * <p>A native call holds the carrier of a virtual thread, so every public method here that may take
 * time runs on {@link io.csi4j.driver.framework.syscall.NativeThreads}. No {@code MemorySegment}
 * leaves the package.
 */
@NullMarked
package io.csi4j.driver.framework.syscall;

import org.jspecify.annotations.NullMarked;
