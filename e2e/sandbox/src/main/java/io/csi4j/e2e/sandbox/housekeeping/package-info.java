/**
 * What follows from a deletion, as kube-controller-manager does it: dependants, protected objects,
 * the content of namespaces and of kinds. One thread reads all changes and writes through the API's
 * own paths, so that everything it does is in the trace.
 */
@NullMarked
package io.csi4j.e2e.sandbox.housekeeping;

import org.jspecify.annotations.NullMarked;
