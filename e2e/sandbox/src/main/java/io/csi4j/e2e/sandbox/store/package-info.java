/** Objects, revisions and the log of changes that watches read. Knows nothing of kinds or HTTP. */
@NullMarked
package io.csi4j.e2e.sandbox.store;

import org.jspecify.annotations.NullMarked;
