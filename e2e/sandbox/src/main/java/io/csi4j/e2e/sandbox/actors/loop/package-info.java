/** What actors run on: a loop that passes over the world when it changed or when time has come. */
@NullMarked
package io.csi4j.e2e.sandbox.actors.loop;

import org.jspecify.annotations.NullMarked;
