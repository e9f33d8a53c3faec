package io.csi4j.sidecars.kit.doors;

import java.util.List;

/**
 * The door to durable intents: what this process is about to do outside the cluster and would leak
 * if it died before the cluster knew. They survive a crash of any process.
 */
public interface Journal {

  /**
   * Returns when the intent is as durable as it can be; one of the same name is replaced. Throws
   * {@link ApiFailure} where it is not, and then the effect must not be tried.
   */
  void open(Intent intent);

  /**
   * The intent is carried out or came to nothing. Returns at once and becomes durable a little
   * later: until then a crash brings the intent back, and carrying it out again must do no harm.
   */
  void close(String name);

  /** All intents that are open, those of earlier processes included. */
  List<Intent> pending();
}
