/** What a scraper reads: upstream's names, labels and buckets. */
@NullMarked
package io.csi4j.sidecars.kit.metrics;

import org.jspecify.annotations.NullMarked;
