/**
 * Durable intents in ConfigMaps beside the lease.
 *
 * <p>Read {@link io.csi4j.sidecars.kit.doors.Journal} first. {@link
 * io.csi4j.sidecars.kit.journal.ConfigMapJournal} keeps intents in a fixed set of objects, the
 * first of them first; each {@link io.csi4j.sidecars.kit.journal.JournalShard} gathers what is to
 * be written to one of them, and its {@link io.csi4j.sidecars.kit.journal.ShardWriter} writes all
 * that at once. {@link io.csi4j.sidecars.kit.journal.ShardContent} decides what is written.
 *
 * <p>Invariants: an intent is durable before {@code open} returns. No write goes out without the
 * version that it builds on, so two leaders cannot undo each other. What this version cannot read
 * stays where it is.
 */
@NullMarked
package io.csi4j.sidecars.kit.journal;

import org.jspecify.annotations.NullMarked;
