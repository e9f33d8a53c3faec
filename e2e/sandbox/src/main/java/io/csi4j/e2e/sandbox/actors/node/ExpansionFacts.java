package io.csi4j.e2e.sandbox.actors.node;

import java.math.BigDecimal;

/**
 * What decides about growing a mounted volume's file system.
 *
 * @param volumeSize of the PersistentVolume
 * @param claimSize what the claim's users have now
 * @param knownSize of the volume when this node last looked
 * @param resizeStatus the claim's {@code allocatedResourceStatuses}, empty for none
 * @param manyWriters whether several nodes may write, so that each has to grow its own view
 * @param notRequired whether the claim says that nodes need not do anything
 */
record ExpansionFacts(
    BigDecimal volumeSize,
    BigDecimal claimSize,
    BigDecimal knownSize,
    String resizeStatus,
    boolean manyWriters,
    boolean notRequired,
    boolean readOnly) {}
