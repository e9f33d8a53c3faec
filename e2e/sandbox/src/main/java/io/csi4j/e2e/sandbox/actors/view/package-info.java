/** Objects as actors read them: a record over the JSON of each, with words for what matters. */
@NullMarked
package io.csi4j.e2e.sandbox.actors.view;

import org.jspecify.annotations.NullMarked;
