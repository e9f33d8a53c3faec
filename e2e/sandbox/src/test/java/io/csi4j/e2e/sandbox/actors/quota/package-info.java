/** Tests of what decides, without a cluster. */
@NullMarked
package io.csi4j.e2e.sandbox.actors.quota;

import org.jspecify.annotations.NullMarked;
