/** The scheduler alone. */
@NullMarked
package io.csi4j.e2e.simulator.baton;

import org.jspecify.annotations.NullMarked;
