/** Which key is worked on when: one worker per key, back-off per key, no key lost. */
@NullMarked
package io.csi4j.sidecars.kit.queue;

import org.jspecify.annotations.NullMarked;
