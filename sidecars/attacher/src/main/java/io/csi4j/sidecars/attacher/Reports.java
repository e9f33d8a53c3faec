package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLogger;

/** What people read about an attachment, in its status and in the log. */
final class Reports {
  private final Logger log;

  private Reports(Logger log) {
    this.log = log;
  }

  static Reports toLog() {
    return new Reports(LoggerFactory.getLogger(Reports.class));
  }

  /** For those who only want to know what would be done. */
  static Reports quiet() {
    return new Reports(NOPLogger.NOP_LOGGER);
  }

  /**
   * A report is for users; that it could not be written changes nothing about what is tried next.
   */
  void write(Attachment attachment, Runnable report) {
    try {
      report.run();
    } catch (ApiFailure e) {
      log.atDebug()
          .addKeyValue("attachment", attachment.meta().name())
          .addKeyValue("reason", e.getMessage())
          .log("status not written");
    }
  }

  /**
   * What the user should read about a write that failed, if it did. That our view was old, that the
   * server asks for patience or is away is nothing that a user could act on: the loop tries again.
   */
  static @Nullable String failureOf(Runnable write) {
    try {
      write.run();
      return null;
    } catch (ApiFailure.Conflict | ApiFailure.Throttled | ApiFailure.Unreachable e) {
      throw e;
    } catch (ApiFailure e) {
      return String.valueOf(e.getMessage());
    }
  }

  void transition(String done, Attachment attachment, Volume.Csi source, String nodeId) {
    log.atInfo()
        .addKeyValue("attachment", attachment.meta().name())
        .addKeyValue("volume", source.handle())
        .addKeyValue("node", nodeId)
        .log(done);
  }
}
