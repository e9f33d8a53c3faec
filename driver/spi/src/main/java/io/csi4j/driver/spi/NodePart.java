package io.csi4j.driver.spi;

/** As {@link ControllerPart}, for the node side. */
public interface NodePart {}
