package io.csi4j.app.demo;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where the story happens, and what differs by it. */
sealed interface Venue extends AutoCloseable permits SandboxVenue, ClusterVenue {

  /** What the user should know before it begins; one line each. */
  List<String> announcements();

  /** The first step. */
  Step.Seen open() throws Exception;

  /** All below are for after {@link #open}. */
  Api api();

  Patience patience();

  /** What claims of the story are of. */
  ClassOfStory storageClass();

  String podImage();

  /** What the pod, which has ended, printed of the file that it read. */
  String said(String pod);

  /** How much room the pod sees in its volume; empty where that cannot be seen. */
  Optional<Long> roomBytes(String pod) throws IOException;

  /** Who grows volumes here; empty where nobody does, and then nothing is tried. */
  Optional<String> grower();

  /** Kills the provisioner between the driver's work and the first word of it in the cluster. */
  Step.Seen crash() throws Exception;

  /** What is left outside the API, such as mounts and files, or is not as it must be. */
  List<String> leftovers() throws IOException;

  /** What {@link #leftovers} has looked at, for when it has found nothing. */
  String lookedAt();

  /** Which calls and writes there were between two moments; one line for each who did some. */
  List<String> called(Instant from, Instant to);

  /** The newest thing that happens, for the impatient; empty where nothing does. */
  String busyWith();

  /** What to try while it is kept running; one line each. */
  List<String> invitation() throws IOException;

  /** Removes all that was made, also after a failure at any step. */
  @Override
  void close() throws IOException;

  /**
   * A StorageClass.
   *
   * @param driver its provisioner
   */
  record ClassOfStory(String name, String driver, Binding binding) {

    /** When its claims get their volumes. */
    enum Binding {
      IMMEDIATE,
      /** When the first pod wants to use it. */
      WITH_POD
    }
  }
}
