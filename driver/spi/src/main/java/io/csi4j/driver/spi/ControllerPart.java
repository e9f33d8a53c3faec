package io.csi4j.driver.spi;

/**
 * Something that a controller can do beyond making and removing volumes. What is reported to
 * callers follows from which of these a driver hands in; one class may be several of them.
 */
public interface ControllerPart {}
