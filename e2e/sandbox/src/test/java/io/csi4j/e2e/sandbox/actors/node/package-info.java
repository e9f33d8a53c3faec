/** Tests of what decides, without a cluster. */
@NullMarked
package io.csi4j.e2e.sandbox.actors.node;

import org.jspecify.annotations.NullMarked;
