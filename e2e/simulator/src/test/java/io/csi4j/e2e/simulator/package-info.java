/** The simulator, seen to find what it is there to find. */
@NullMarked
package io.csi4j.e2e.simulator;

import org.jspecify.annotations.NullMarked;
