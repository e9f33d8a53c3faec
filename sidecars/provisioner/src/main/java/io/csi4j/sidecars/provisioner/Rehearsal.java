package io.csi4j.sidecars.provisioner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Message;
import io.csi4j.sidecars.kit.csi.Redacted;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.CsiCall;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.doors.Intent;
import io.csi4j.sidecars.kit.doors.Journal;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Outcome;
import io.csi4j.sidecars.kit.doors.Patch;
import io.csi4j.sidecars.kit.doors.Resource;
import io.csi4j.sidecars.kit.doors.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Doors through which a controller sees the world as it is and changes nothing: what it would do is
 * noted, and at the first thing that it could not go on from, it is stopped.
 */
final class Rehearsal {
  /** Calls that only ask. */
  private static final Set<String> QUESTIONS = Set.of("GetCapacity", "NodeGetInfo");

  private final List<String> steps = new ArrayList<>();

  /** Thrown in place of an effect whose result would be needed. */
  static final class Curtain extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Curtain(String step) {
      super(step);
    }
  }

  /** What would be done, in order. */
  List<String> steps() {
    return List.copyOf(steps);
  }

  Cluster cluster(Cluster real) {
    return new Stage(real);
  }

  /** Without a driver at hand every call is the last. */
  Driver driver(@Nullable Driver real) {
    return new Driver() {
      @Override
      public <Q extends Message, R extends Message> Outcome<R> call(CsiCall<Q, R> call, Q request) {
        if (QUESTIONS.contains(call.name()) && real != null) {
          return real.call(call, request);
        }
        throw stop("%s %s".formatted(call.name(), Redacted.of(request)));
      }
    };
  }

  Journal journal() {
    return new Journal() {
      @Override
      public void open(Intent intent) {
        steps.add("write down the intent to make " + intent.name());
      }

      @Override
      public void close(String name) {
        steps.add("strike out the intent to make " + name);
      }

      @Override
      public List<Intent> pending() {
        return List.of();
      }
    };
  }

  private Curtain stop(String step) {
    steps.add(step);
    return new Curtain(step);
  }

  private final class Stage implements Cluster {
    private final Cluster real;

    Stage(Cluster real) {
      this.real = real;
    }

    @Override
    public <T extends Resource> Table<T> table(Kind<T> kind, List<Table.Index<T>> indexes) {
      return real.table(kind, indexes);
    }

    @Override
    public <T extends Resource> Optional<T> read(Kind<T> kind, ObjectKey key) {
      return real.read(kind, key);
    }

    @Override
    public <T extends Resource> List<T> list(Kind<T> kind) {
      return real.list(kind);
    }

    @Override
    public boolean serves(Kind<?> kind) {
      return real.serves(kind);
    }

    @Override
    public <T extends Resource> T create(Kind<T> kind, ObjectNode body) {
      throw stop("create %s %s".formatted(kind, body.at("/metadata/name").asText()));
    }

    @Override
    public <T extends Resource> T patch(Kind<T> kind, ObjectKey key, Patch patch) {
      throw stop("patch %s %s".formatted(kind, key));
    }

    /** Nothing that follows an update depends on it. */
    @Override
    public <T extends Resource> Optional<T> update(
        Kind<T> kind, ObjectKey key, Consumer<ObjectNode> change) {
      steps.add("update %s %s".formatted(kind, key));
      return real.read(kind, key);
    }

    @Override
    public <T extends Resource> void delete(Kind<T> kind, ObjectKey key, String uid) {
      throw stop("delete %s %s".formatted(kind, key));
    }
  }
}
