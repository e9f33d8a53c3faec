/** JSON trees, and the few value formats of Kubernetes inside them: quantities and times. */
@NullMarked
package io.csi4j.e2e.sandbox.json;

import org.jspecify.annotations.NullMarked;
