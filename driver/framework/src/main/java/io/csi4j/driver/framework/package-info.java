/**
 * A CSI driver is this framework plus a backend.
 *
 * <p>A driver author reads {@link io.csi4j.driver.spi}, implements the parts that the
 * storage can do, puts them into a {@link io.csi4j.driver.spi.Plugin} and gives that to
 * {@link io.csi4j.driver.framework.server.CsiServer}; which capabilities are reported follows from
 * the parts that are there. Storage that shows up as a block device on the node implements {@link
 * io.csi4j.driver.spi.BlockDevices} only and leaves file systems and mounts to {@link
 * io.csi4j.driver.framework.mount}. What must outlive a crash goes into {@link
 * io.csi4j.driver.framework.journal}.
 */
@NullMarked
package io.csi4j.driver.framework;

import org.jspecify.annotations.NullMarked;
