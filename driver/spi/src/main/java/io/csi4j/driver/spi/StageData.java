package io.csi4j.driver.spi;

import java.util.SortedMap;

/**
 * What the caller knows about a volume that is to be attached, and the framework does not
 * understand.
 */
public record StageData(
    SortedMap<String, String> publishContext,
    SortedMap<String, String> volumeContext,
    Secrets secrets) {}
