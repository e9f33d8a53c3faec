package io.csi4j.driver.spi;

import java.nio.file.Path;

/** A volume that shall be made ready on this node, at a folder that exists. */
public record StageSpec(
    String volumeId, Path stagingPath, VolumeCapability capability, StageData data) {}
