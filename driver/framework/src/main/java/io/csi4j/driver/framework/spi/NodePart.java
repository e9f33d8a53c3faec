package io.csi4j.driver.framework.spi;

/** As {@link ControllerPart}, for the node side. */
public interface NodePart {}
