/** The actors at work: a sandbox, a driver in memory, and what stands for its sidecars. */
@NullMarked
package io.csi4j.e2e.sandbox.actors;

import org.jspecify.annotations.NullMarked;
