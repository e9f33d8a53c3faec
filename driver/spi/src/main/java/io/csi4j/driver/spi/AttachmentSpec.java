package io.csi4j.driver.spi;

import java.util.SortedMap;

/** A volume that shall be usable on a node. */
public record AttachmentSpec(
    String volumeId,
    String nodeId,
    VolumeCapability capability,
    Writing writing,
    SortedMap<String, String> volumeContext,
    Secrets secrets) {}
