/**
 * Durable intents in ConfigMaps beside the lease.
 *
 * <p>Read {@link io.csi4j.sidecars.kit.doors.Journal} first. {@link
 * io.csi4j.sidecars.kit.journal.ConfigMapJournal} shards intents by name over a fixed set of
 * objects; each {@link io.csi4j.sidecars.kit.journal.JournalShard} writes one of them, everything
 * that waits at once. {@link io.csi4j.sidecars.kit.journal.ShardContent} decides what is written.
 *
 * <p>Invariants: an intent is durable before {@code open} returns. No write goes out without the
 * version that it builds on, so two leaders cannot undo each other. What this version cannot read
 * stays where it is.
 */
@NullMarked
package io.csi4j.sidecars.kit.journal;

import org.jspecify.annotations.NullMarked;
