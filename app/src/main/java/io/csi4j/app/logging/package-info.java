/** The program's log: one line per record on stderr, the message first, then {@code key=value}. */
@NullMarked
package io.csi4j.app.logging;

import org.jspecify.annotations.NullMarked;
