/** What the program runs: a part with a beginning and an end. */
@NullMarked
package io.csi4j.sidecars.kit.component;

import org.jspecify.annotations.NullMarked;
