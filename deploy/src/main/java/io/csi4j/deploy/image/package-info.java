/**
 * The image, made from what the build made, without a container engine and with the same bytes each
 * time. Read {@link io.csi4j.deploy.image.ImageTool} first, which lists the steps; then {@link
 * io.csi4j.deploy.image.Tree}, a file system to be, {@link io.csi4j.deploy.image.Layer} and {@link
 * io.csi4j.deploy.image.OciLayout}.
 *
 * <p>Four layers, from what changes least to what changes most: libraries and file-system tools of
 * Debian, the Java runtime, the program, and the AOT cache, which the JVM does not make the same
 * way twice.
 */
@NullMarked
package io.csi4j.deploy.image;

import org.jspecify.annotations.NullMarked;
