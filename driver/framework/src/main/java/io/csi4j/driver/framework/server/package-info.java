/**
 * The CSI services over a Unix socket: from here on inwards there is no gRPC.
 *
 * <p>A call takes one way, whatever it is: the service turns the message into checked fields
 * ({@code FieldChecks}), takes the locks, asks the part of the {@link
 * io.csi4j.driver.spi.Plugin}, and turns the answer back. {@code Calls} is around all of
 * it: it turns away calls that come too early, times, logs one line, and makes a status of refusals
 * and bugs. Order of checks: offered, required, well-formed, locked, and only then the backend
 * looks anything up.
 */
@NullMarked
package io.csi4j.driver.framework.server;

import org.jspecify.annotations.NullMarked;
