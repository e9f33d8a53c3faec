package io.csi4j.sidecars.provisioner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.doors.Code;

/** What came of one go at making a volume. */
sealed interface Made {

  /** The volume has its object. */
  record Done(ObjectNode object) implements Made {}

  /** The driver surely has made none. */
  record Refused(Code code, String message) implements Made {}

  /** There may be one; the same again, after a pause. */
  record Failed(String message) implements Made {}

  /** Not begun: this process is about to end, and the next leader finds the intent, if any. */
  record Left() implements Made {}

  /** There is one, and the API server does not want its object as it is. */
  record Unstorable(String message) implements Made {}
}
