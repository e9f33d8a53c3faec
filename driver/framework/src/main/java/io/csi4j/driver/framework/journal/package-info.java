/**
 * What a driver must still know after {@code kill -9} and after a power cut: a map on disk, written
 * as a checksummed journal with group commit. Read {@link
 * io.csi4j.driver.framework.journal.JournaledMap}, then {@code JournalLine}.
 */
@NullMarked
package io.csi4j.driver.framework.journal;

import org.jspecify.annotations.NullMarked;
