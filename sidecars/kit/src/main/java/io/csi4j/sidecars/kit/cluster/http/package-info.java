/**
 * HTTP/1.1 to one server, blocking, on connections that are kept: each virtual thread writes its
 * request and reads its answer itself, and nothing stands between it and the socket.
 */
@NullMarked
package io.csi4j.sidecars.kit.cluster.http;

import org.jspecify.annotations.NullMarked;
