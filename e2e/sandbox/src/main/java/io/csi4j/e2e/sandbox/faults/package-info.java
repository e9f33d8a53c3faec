/** Faults on order, and the trace of all writes. */
@NullMarked
package io.csi4j.e2e.sandbox.faults;

import org.jspecify.annotations.NullMarked;
