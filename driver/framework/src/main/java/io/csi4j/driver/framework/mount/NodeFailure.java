package io.csi4j.driver.framework.mount;

import io.csi4j.driver.framework.syscall.Errno;
import io.csi4j.driver.framework.syscall.NativeResult;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Reason;

/** What a failed native call means to the caller. */
final class NodeFailure {
  private NodeFailure() {}

  static <T> Answer<T> refused(NativeResult.Failed<?> failed) {
    // Busy passes by itself, for example when a process leaves the folder; kubelet comes again.
    var reason = failed.errno().equals(Errno.EBUSY) ? Reason.UNAVAILABLE : Reason.INTERNAL;
    return Answer.refused(reason, "could not " + failed.message());
  }
}
