/**
 * How actors read and write the API: {@code Mirror} is what they know, {@code Client} what they do.
 */
@NullMarked
package io.csi4j.e2e.sandbox.actors.cluster;

import org.jspecify.annotations.NullMarked;
