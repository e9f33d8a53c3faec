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
import java.util.List;
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

  /** The same ones for all that yield to this one. */
  private final Tables tables;

  public ApiCluster(Config config, String userAgent, Time time) {
    this(config, userAgent, time, REQUEST_TIMEOUT);
  }

  /** At a pace that the user has asked for. */
  public ApiCluster(Config config, String userAgent, Time time, PacingOptions pacing) {
    this(new ApiServer(config, userAgent, REQUEST_TIMEOUT, turn(pacing, time)), time);
  }

  /** With a limit of its own for each request: a lease must not wait as long as others may. */
  public ApiCluster(Config config, String userAgent, Time time, Duration requestTimeout) {
    this(
        new ApiServer(config, userAgent, requestTimeout, turn(new PacingOptions.Unlimited(), time)),
        time);
  }

  private static Turn turn(PacingOptions pacing, Time time) {
    return Turn.first(new RequestLine(RequestLine.Limits.OF_A_SERVER), Pacer.of(pacing, time));
  }

  private ApiCluster(ApiServer server, Time time) {
    this(server, time, new Tables(server, time));
  }

  private ApiCluster(ApiServer server, Time time, Tables tables) {
    this.server = server;
    this.time = time;
    this.tables = tables;
  }

  /**
   * The same server through the same connections at another pace: what is less urgent must not use
   * up what the rest may ask for. It has no tables, and needs no closing.
   */
  public Cluster pacedBy(PacingOptions pacing) {
    return new ApiCluster(server.with(turn -> turn.pacedBy(Pacer.of(pacing, time))), time);
  }

  /**
   * The same cluster for what nobody waits for: its requests go after those that somebody waits
   * for. It has the same tables, which show what is written through either, and needs no closing.
   */
  public Cluster yielding() {
    return new ApiCluster(server.with(Turn::yielding), time, tables);
  }

  /**
   * The same cluster, whose writes are refused where {@code gate} throws. It is asked when a write
   * is about to be sent: between that moment and the one when a controller wants it, it may have
   * waited for its turn.
   */
  public ApiCluster admittedBy(Consumer<String> gate) {
    return new ApiCluster(server.with(turn -> turn.admittedBy(gate)), time, tables);
  }

  @Override
  public <T extends Resource> Table<T> table(Kind<T> kind, List<Table.Index<T>> indexes) {
    return tables.of(kind, indexes);
  }

  /** Starts filling the tables; those that are asked for later, when it is called again. */
  public void start() {
    tables.start();
  }

  /** Waits until every table has been filled once. */
  public void awaitSynced() throws InterruptedException {
    tables.awaitSynced();
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
      tables.refresh(kind, written);
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
      tables.refresh(kind, written);
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
    tables.refresh(kind, written);
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

  @Override
  public void close() {
    tables.close();
    server.close();
  }

  private static Call write(
      Kind<?> kind, ObjectKey key, String path, String contentType, JsonNode body) {
    return new Call(
        "patch %s %s".formatted(kind, key), "PATCH", path, contentType, body.toString());
  }
}
