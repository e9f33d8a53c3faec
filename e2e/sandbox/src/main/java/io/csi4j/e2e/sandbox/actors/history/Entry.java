package io.csi4j.e2e.sandbox.actors.history;

import com.google.protobuf.Message;
import io.csi4j.e2e.sandbox.faults.Trace;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.store.Change;
import io.grpc.Status;
import java.time.Instant;
import java.util.Optional;

/** Something that happened. */
public sealed interface Entry {

  /** The place in the history. */
  long number();

  Instant at();

  /** A write of the API, which succeeded or was refused. */
  record Write(long number, Instant at, Trace.Line line) implements Entry {

    public Optional<Change> change() {
      return line.change();
    }

    @Override
    public String toString() {
      var call = line.call();
      var object =
          line.change()
              .map(change -> change.type() + " " + change.shelf() + " " + change.key())
              .orElse("refused");
      var phase =
          line.change()
              .map(change -> Json.text(change.after().object(), "status", "phase"))
              .filter(text -> !text.isEmpty())
              .map(text -> " " + text)
              .orElse("");
      return "%s %s %s %s%s (%d)"
          .formatted(call.user(), call.verb(), call.resource(), object, phase, line.code());
    }
  }

  /** What the file system said of the paths of a call. */
  record Paths(boolean targetExists, boolean targetParentExists) {}

  /** A call reached the driver's door. */
  record Started(long number, Instant at, CsiCall call, Paths paths) implements Entry {

    @Override
    public String toString() {
      return "-> " + call;
    }
  }

  /**
   * A call has its answer.
   *
   * @param started the number of the entry of its beginning
   * @param effect what the driver answered, which is not what the caller got where a fault was
   *     planned; UNKNOWN where it was never asked
   */
  record Ended(
      long number,
      Instant at,
      long started,
      CsiCall call,
      Status.Code effect,
      Status.Code told,
      Optional<Message> response,
      Paths paths)
      implements Entry {

    public boolean ok() {
      return effect == Status.Code.OK;
    }

    @Override
    public String toString() {
      return "<- %s %s%s"
          .formatted(call, effect, told == effect ? "" : ", the caller was told " + told);
    }
  }
}
