/**
 * What the API server demands of objects, fills in and protects, kind by kind. Pure but for
 * look-ups.
 */
@NullMarked
package io.csi4j.e2e.sandbox.rules;

import org.jspecify.annotations.NullMarked;
