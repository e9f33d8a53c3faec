/**
 * The door to time: the system's clocks and virtual threads for real, and time that passes when
 * told, for simulations.
 */
@NullMarked
package io.csi4j.sidecars.kit.time;

import org.jspecify.annotations.NullMarked;
