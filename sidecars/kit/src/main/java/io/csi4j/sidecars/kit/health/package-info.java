/** The HTTP side of a sidecar: what probes and scrapers ask. */
@NullMarked
package io.csi4j.sidecars.kit.health;

import org.jspecify.annotations.NullMarked;
