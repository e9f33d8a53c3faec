/** Time, chance and threads: the only place where they come from outside. */
@NullMarked
package io.csi4j.e2e.sandbox.clock;

import org.jspecify.annotations.NullMarked;
