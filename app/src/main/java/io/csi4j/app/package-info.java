/**
 * The one program: {@link io.csi4j.app.Main} picks a subcommand, which parses, builds, starts,
 * waits and closes.
 */
@NullMarked
package io.csi4j.app;

import org.jspecify.annotations.NullMarked;
