package io.csi4j.app.demo;

import java.time.Duration;
import java.util.List;

/**
 * A step that has been told.
 *
 * @param since when it began, from the start of the program
 * @param called which calls and writes made it happen, for the timeline
 */
record Scene(String name, Duration since, Duration took, String seen, List<String> called) {

  Scene {
    called = List.copyOf(called);
  }
}
