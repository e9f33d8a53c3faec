package io.csi4j.sidecars.attacher;

import io.csi4j.proto.csi.v1.ListVolumesRequest;
import io.csi4j.proto.csi.v1.ListVolumesResponse;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.doors.Outcome;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Asks the driver for all volumes, page by page; each page has the deadline of a call of its own.
 */
final class VolumeLister {
  /** More would be a driver that turns in circles. */
  private static final int PAGES_MAX = 100_000;

  private final Driver driver;
  private final int entriesPerPage;

  /** {@code entriesPerPage} of 0 leaves it to the driver. */
  VolumeLister(Driver driver, int entriesPerPage) {
    this.driver = driver;
    this.entriesPerPage = entriesPerPage;
  }

  Listing list() {
    var nodes = new HashMap<String, Set<String>>();
    var tokens = new HashSet<String>();
    var token = "";
    for (var page = 0; page < PAGES_MAX; page++) {
      var request =
          ListVolumesRequest.newBuilder()
              .setMaxEntries(entriesPerPage)
              .setStartingToken(token)
              .build();
      switch (driver.listVolumes(request)) {
        case Outcome.Done(var reply) -> {
          take(reply, nodes);
          token = reply.getNextToken();
        }
        case Outcome.Refused(_, var message) -> {
          return new Listing.Broken(message);
        }
        case Outcome.InDoubt(_, var message) -> {
          return new Listing.Broken(message);
        }
        case Outcome.NotReached(var message) -> {
          return new Listing.Broken(message);
        }
      }
      if (token.isEmpty()) {
        return new Listing.Complete(nodes);
      }
      if (!tokens.add(token)) {
        return new Listing.Broken("the driver gave the same next_token twice: " + token);
      }
    }
    return new Listing.Broken("more than %d pages".formatted(PAGES_MAX));
  }

  private static void take(ListVolumesResponse page, Map<String, Set<String>> nodes) {
    for (var entry : page.getEntriesList()) {
      if (entry.hasVolume() && entry.hasStatus()) {
        nodes.put(
            entry.getVolume().getVolumeId(),
            Set.copyOf(entry.getStatus().getPublishedNodeIdsList()));
      }
    }
  }
}
