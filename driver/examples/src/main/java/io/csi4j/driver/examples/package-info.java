/** Drivers to learn from; {@code docs/writing-a-driver.md} walks through them. */
@NullMarked
package io.csi4j.driver.examples;

import org.jspecify.annotations.NullMarked;
