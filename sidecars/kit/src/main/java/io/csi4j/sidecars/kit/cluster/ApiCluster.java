package io.csi4j.sidecars.kit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.cluster.ApiServer.Call;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Patch;
import io.csi4j.sidecars.kit.doors.Resource;
import io.csi4j.sidecars.kit.doors.Table;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.pacing.Pacer;
import io.csi4j.sidecars.kit.pacing.PacingOptions;
import io.fabric8.kubernetes.client.Config;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The cluster behind a real API server. Tables are asked for first, then {@link #start} fills them.
 */
public final class ApiCluster implements Cluster, AutoCloseable {
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

  /**
   * All that the API server says of a JSON patch whose {@code test} failed; the code is that of a
   * bad body.
   */
  private static final String TEST_DID_NOT_HOLD =
      "the server rejected our request due to an error in our request";

  private final ApiServer server;
  private final Time time;

  /** Guarded by itself. */
  private final Map<Kind<?>, MemoryTable<?>> tables = new LinkedHashMap<>();

  private final List<Reflector<?>> reflectors = new ArrayList<>();

  /** How many of them fill their tables already; guarded by {@code tables}. */
  private int started;

  public ApiCluster(Config config, String userAgent, Time time) {
    this(config, userAgent, time, REQUEST_TIMEOUT);
  }

  /** At a pace that the user has asked for. */
  public ApiCluster(Config config, String userAgent, Time time, PacingOptions pacing) {
    this(new ApiServer(config, userAgent, REQUEST_TIMEOUT, Pacer.of(pacing, time)), time);
  }

  /** With a limit of its own for each request: a lease must not wait as long as others may. */
  public ApiCluster(Config config, String userAgent, Time time, Duration requestTimeout) {
    this(
        new ApiServer(
            config, userAgent, requestTimeout, Pacer.of(new PacingOptions.Unlimited(), time)),
        time);
  }

  private ApiCluster(ApiServer server, Time time) {
    this.server = server;
    this.time = time;
  }

  /**
   * The same server through the same connections at another pace: what is less urgent must not use
   * up what the rest may ask for. It has no tables, and needs no closing.
   */
  public Cluster pacedBy(PacingOptions pacing) {
    return new ApiCluster(server.pacedBy(Pacer.of(pacing, time)), time);
  }

  @Override
  public <T extends Resource> Table<T> table(Kind<T> kind, List<Table.Index<T>> indexes) {
    synchronized (tables) {
      // The map files each table under its own kind, so the cast cannot fail.
      @SuppressWarnings("unchecked")
      var known = (MemoryTable<T>) tables.get(kind);
      if (known != null) {
        known.alsoBy(indexes);
        return known;
      }
      var table = new MemoryTable<T>(indexes);
      tables.put(kind, table);
      reflectors.add(new Reflector<>(server, kind, table, time));
      return table;
    }
  }

  /** Starts filling the tables; those that are asked for later, when it is called again. */
  public void start() {
    synchronized (tables) {
      for (var reflector : reflectors.subList(started, reflectors.size())) {
        reflector.start();
      }
      started = reflectors.size();
    }
  }

  /** Waits until every table has been filled once. */
  public void awaitSynced() throws InterruptedException {
    for (var reflector : List.copyOf(reflectors)) {
      reflector.synced().await();
    }
  }

  @Override
  public <T extends Resource> Optional<T> read(Kind<T> kind, ObjectKey key) {
    var call = Call.get("get %s %s".formatted(kind, key), ApiServer.path(kind, key));
    try {
      return Optional.of(server.call(call, kind));
    } catch (ApiFailure.NotFound _) {
      return Optional.empty();
    }
  }

  @Override
  public <T extends Resource> List<T> list(Kind<T> kind) {
    try {
      return WholeList.of(server, kind).records();
    } catch (UncheckedIOException e) {
      throw new ApiFailure.Unreachable(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public boolean serves(Kind<?> kind) {
    var path = kind.group().isEmpty() ? "/api/" + kind.version() : "/apis/" + kind.apiVersion();
    try {
      var found = server.tree(Call.get("discover " + kind, path));
      for (var resource : found.path("resources")) {
        if (resource.path("name").asText().equals(kind.plural())) {
          return true;
        }
      }
      return false;
    } catch (ApiFailure.NotFound _) {
      return false;
    }
  }

  @Override
  public <T extends Resource> T create(Kind<T> kind, ObjectNode body) {
    body.put("apiVersion", kind.apiVersion());
    body.put("kind", kind.name());
    var metadata = body.path("metadata");
    var namespace = metadata.path("namespace").asText("");
    var key = new ObjectKey(namespace, metadata.path("name").asText(""));
    var call =
        new Call(
            "create %s %s".formatted(kind, key),
            "POST",
            ApiServer.collection(kind, namespace),
            "application/json",
            body.toString());
    return server.call(call, kind);
  }

  @Override
  public <T extends Resource> T patch(Kind<T> kind, ObjectKey key, Patch patch) {
    var path =
        switch (patch.target()) {
          case OBJECT -> ApiServer.path(kind, key);
          case STATUS -> ApiServer.path(kind, key) + "/status";
        };
    var call =
        switch (patch) {
          case Patch.Merge(var body, _) ->
              write(kind, key, path, "application/merge-patch+json", body);
          case Patch.Operations(var body, _) ->
              write(kind, key, path, "application/json-patch+json", body);
        };
    try {
      var written = server.call(call, kind);
      refresh(kind, written);
      return written;
    } catch (ApiFailure.Invalid e) {
      if (patch instanceof Patch.Operations
          && String.valueOf(e.getMessage()).endsWith(TEST_DID_NOT_HOLD)) {
        throw new ApiFailure.Conflict(call.what() + ": a test of the patch did not hold");
      }
      throw e;
    }
  }

  @Override
  public <T extends Resource> Optional<T> update(
      Kind<T> kind, ObjectKey key, Consumer<ObjectNode> change) {
    var path = ApiServer.path(kind, key);
    try {
      var object = server.tree(Call.get("get %s %s".formatted(kind, key), path));
      change.accept(object);
      var call =
          new Call(
              "update %s %s".formatted(kind, key),
              "PUT",
              path,
              "application/json",
              object.toString());
      var written = server.call(call, kind);
      refresh(kind, written);
      return Optional.of(written);
    } catch (ApiFailure.NotFound _) {
      return Optional.empty();
    }
  }

  @Override
  public <T extends Resource> T replace(Kind<T> kind, ObjectNode object) {
    var metadata = object.path("metadata");
    var key = new ObjectKey(metadata.path("namespace").asText(""), metadata.path("name").asText());
    var call =
        new Call(
            "update %s %s".formatted(kind, key),
            "PUT",
            ApiServer.path(kind, key),
            "application/json",
            object.toString());
    var written = server.call(call, kind);
    refresh(kind, written);
    return written;
  }

  @Override
  public <T extends Resource> void delete(Kind<T> kind, ObjectKey key, String uid) {
    var options = JsonNodeFactory.instance.objectNode();
    options.put("apiVersion", "v1").put("kind", "DeleteOptions");
    options.putObject("preconditions").put("uid", uid);
    server.delete(
        new Call(
            "delete %s %s".formatted(kind, key),
            "DELETE",
            ApiServer.path(kind, key),
            "application/json",
            options.toString()));
  }

  private <T extends Resource> void refresh(Kind<T> kind, T written) {
    synchronized (tables) {
      // The map files each table under its own kind, so the cast cannot fail.
      @SuppressWarnings("unchecked")
      var table = (MemoryTable<T>) tables.get(kind);
      if (table != null) {
        table.refresh(written);
      }
    }
  }

  @Override
  public void close() {
    reflectors.forEach(Reflector::close);
    server.close();
  }

  private static Call write(
      Kind<?> kind, ObjectKey key, String path, String contentType, JsonNode body) {
    return new Call(
        "patch %s %s".formatted(kind, key), "PATCH", path, contentType, body.toString());
  }
}
