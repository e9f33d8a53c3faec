/**
 * The door to the driver, for real: gRPC over netty's epoll transport and a Unix socket.
 *
 * <p>{@link io.csi4j.sidecars.kit.csi.DriverConnection} connects and asks who is there, {@link
 * io.csi4j.sidecars.kit.csi.GrpcDriver} makes the calls of a controller.
 */
@NullMarked
package io.csi4j.sidecars.kit.csi;

import org.jspecify.annotations.NullMarked;
