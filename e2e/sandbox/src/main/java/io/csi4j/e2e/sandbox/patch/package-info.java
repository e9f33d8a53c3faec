/** The three kinds of patches, as pure functions from tree to tree. */
@NullMarked
package io.csi4j.e2e.sandbox.patch;

import org.jspecify.annotations.NullMarked;
