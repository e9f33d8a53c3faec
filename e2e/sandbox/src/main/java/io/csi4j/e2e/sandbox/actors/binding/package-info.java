/**
 * The PV controller: {@code ClaimStep} and {@code VolumeStep} decide, {@code Binding} does the four
 * writes that bind, {@code VolumeBinder} is the loop around them.
 */
@NullMarked
package io.csi4j.e2e.sandbox.actors.binding;

import org.jspecify.annotations.NullMarked;
