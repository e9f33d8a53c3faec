/** The door to time, for real: the system's clocks and virtual threads. */
@NullMarked
package io.csi4j.sidecars.kit.time;

import org.jspecify.annotations.NullMarked;
