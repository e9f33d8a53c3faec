package io.csi4j.sidecars.attacher;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Message;
import io.csi4j.sidecars.kit.csi.Redacted;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.CsiCall;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Outcome;
import io.csi4j.sidecars.kit.doors.Patch;
import io.csi4j.sidecars.kit.doors.Resource;
import io.csi4j.sidecars.kit.doors.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Doors that read for real, write down what would be written, and end at the first call to the
 * driver: what comes after that is for the driver to say.
 */
final class Rehearsal {
  private final List<String> written = new ArrayList<>();
  private final Cluster real;

  Rehearsal(Cluster real) {
    this.real = real;
  }

  /** What would have been done, in its order. */
  List<String> written() {
    return List.copyOf(written);
  }

  Cluster cluster() {
    return new ReadOnly();
  }

  Driver driver() {
    return new Silent();
  }

  private final class ReadOnly implements Cluster {

    @Override
    public <T extends Resource> Table<T> table(Kind<T> kind, List<Table.Index<T>> indexes) {
      return real.table(kind, indexes);
    }

    @Override
    public <T extends Resource> Optional<T> read(Kind<T> kind, ObjectKey key) {
      return real.read(kind, key);
    }

    @Override
    public <T extends Resource> T create(Kind<T> kind, ObjectNode body) {
      throw new UnsupportedOperationException("the attacher creates no " + kind);
    }

    /** The object stays as it is, which is all that the attacher asks of it. */
    @Override
    public <T extends Resource> T patch(Kind<T> kind, ObjectKey key, Patch patch) {
      var body =
          switch (patch) {
            case Patch.Merge(var merge, _) -> merge.toString();
            case Patch.Operations(var operations, _) -> operations.toString();
          };
      var what =
          switch (patch.target()) {
            case OBJECT -> "patch %s %s: %s";
            case STATUS -> "patch status of %s %s: %s";
          };
      written.add(what.formatted(kind, key, body));
      return real.read(kind, key)
          .orElseThrow(() -> new ApiFailure.NotFound("%s %s is gone".formatted(kind, key)));
    }

    @Override
    public <T extends Resource> Optional<T> update(
        Kind<T> kind, ObjectKey key, Consumer<ObjectNode> change) {
      throw new UnsupportedOperationException("the attacher updates no " + kind);
    }

    @Override
    public <T extends Resource> void delete(Kind<T> kind, ObjectKey key, String uid) {
      throw new UnsupportedOperationException("the attacher deletes no " + kind);
    }
  }

  private final class Silent implements Driver {
    @Override
    public <Q extends Message, R extends Message> Outcome<R> call(CsiCall<Q, R> call, Q request) {
      written.add("%s %s".formatted(call.name(), Redacted.of(request)));
      throw new Ended();
    }
  }

  /** The rehearsal is over. */
  static final class Ended extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Ended() {
      super("rehearsed up to the driver", null, false, false);
    }
  }
}
