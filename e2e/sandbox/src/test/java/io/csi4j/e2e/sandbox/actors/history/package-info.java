/** Tests of what decides, without a cluster. */
@NullMarked
package io.csi4j.e2e.sandbox.actors.history;

import org.jspecify.annotations.NullMarked;
