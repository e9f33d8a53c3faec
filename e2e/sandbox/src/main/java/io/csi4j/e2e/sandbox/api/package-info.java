/** The verbs of the API, and what the cluster does by itself after a write. */
@NullMarked
package io.csi4j.e2e.sandbox.api;

import org.jspecify.annotations.NullMarked;
