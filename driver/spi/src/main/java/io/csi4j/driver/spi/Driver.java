package io.csi4j.driver.spi;

/**
 * What a driver's main class is: the framework makes one by its constructor without arguments, and
 * serves what it returns. Whoever needs arguments, or a journal, starts the framework's {@code
 * CsiServer} from a main of his own.
 */
@FunctionalInterface
public interface Driver {

  /** Called once, before the first call is served. */
  Plugin plugin();
}
