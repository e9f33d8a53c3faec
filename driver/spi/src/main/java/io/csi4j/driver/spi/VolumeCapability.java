package io.csi4j.driver.spi;

/** One way to use a volume. */
public record VolumeCapability(AccessType type, AccessMode mode) {}
