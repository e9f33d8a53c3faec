/** What the API says when it says no. */
@NullMarked
package io.csi4j.e2e.sandbox.status;

import org.jspecify.annotations.NullMarked;
