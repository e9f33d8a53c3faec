/**
 * Command lines in the form that manifests for the Go tools use, read strictly: every mistake is
 * named, all at once.
 */
@NullMarked
package io.csi4j.sidecars.kit.options;

import org.jspecify.annotations.NullMarked;
