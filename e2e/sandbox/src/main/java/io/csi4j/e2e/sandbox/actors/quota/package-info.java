/** What claims cost their namespace's quota. */
@NullMarked
package io.csi4j.e2e.sandbox.actors.quota;

import org.jspecify.annotations.NullMarked;
