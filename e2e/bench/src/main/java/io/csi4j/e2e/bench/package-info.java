/** What the parts cost. Figures belong into notes and records of decisions, never into tests. */
@NullMarked
package io.csi4j.e2e.bench;

import org.jspecify.annotations.NullMarked;
