package io.csi4j.sidecars.kit.cluster;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.Resource;
import io.csi4j.sidecars.kit.doors.Time;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one table as the API server has it: lists in pages, then watches from where the list ended,
 * for ever. Whatever goes wrong, it starts over after a growing pause, with a watch if the server
 * still knows the place, else with a list.
 *
 * <p>A watch that dies without a word is noticed because the server sends a bookmark about once a
 * minute: where nothing came for {@link #SILENCE_MAX}, the connection is given up.
 */
final class Reflector<T extends Resource> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Reflector.class);
  private static final Duration WATCH_LIMIT = Duration.ofMinutes(5);
  private static final Duration SILENCE_MAX = Duration.ofSeconds(150);
  private static final Duration PAUSE_MIN = Duration.ofMillis(200);

  /**
   * Ten tables ask a dead server twice a second then, and one that is back is not missed for long.
   */
  private static final Duration PAUSE_MAX = Duration.ofSeconds(5);

  /** A right that only saves requests is looked for now and then. */
  private static final Duration FORBIDDEN_PAUSE = Duration.ofMinutes(5);

  private final ApiServer server;
  private final Kind<T> kind;
  private final MemoryTable<T> table;
  private final Time time;
  private final CountDownLatch synced = new CountDownLatch(1);

  /** Written by the reflector's own thread and by its watchdog. */
  private volatile boolean closed;

  private volatile @Nullable InputStream watching;
  private volatile long lastSignNanos;

  /** Confined to the reflector's thread; empty where the next thing to do is a list. */
  private String resourceVersion = "";

  Reflector(ApiServer server, Kind<T> kind, MemoryTable<T> table, Time time) {
    this.server = server;
    this.kind = kind;
    this.table = table;
    this.time = time;
  }

  void start() {
    time.spawn("reflector " + kind, this::run);
  }

  CountDownLatch synced() {
    return synced;
  }

  @Override
  public void close() {
    closed = true;
    hangUp();
  }

  private void run() {
    var pause = PAUSE_MIN;
    while (!closed) {
      try {
        if (resourceVersion.isEmpty()) {
          list();
          synced.countDown();
        }
        watch();
        pause = PAUSE_MIN;
      } catch (ApiFailure.Gone e) {
        log.atDebug().addKeyValue("kind", kind).log("watch expired, listing again");
        resourceVersion = "";
      } catch (ApiFailure | UncheckedIOException e) {
        if (!closed && kind.part().isOne() && e instanceof ApiFailure.Forbidden) {
          log.atDebug().addKeyValue("reason", e.getMessage()).log("it is asked for instead");
          time.sleep(FORBIDDEN_PAUSE);
        } else if (!closed) {
          log.atWarn()
              .addKeyValue("kind", kind)
              .addKeyValue("next", pause)
              .addKeyValue("reason", e.getMessage())
              .log("list or watch failed");
          time.sleep(pause);
          pause =
              pause.multipliedBy(2).compareTo(PAUSE_MAX) < 0 ? pause.multipliedBy(2) : PAUSE_MAX;
        }
      }
    }
  }

  private void list() {
    var list = WholeList.of(server, kind);
    table.replaceAll(list.records());
    resourceVersion = list.resourceVersion();
  }

  private void watch() {
    var what = "watch " + kind;
    var query =
        "?watch=true&allowWatchBookmarks=true&timeoutSeconds=%d&resourceVersion=%s"
            .formatted(WATCH_LIMIT.toSeconds(), ApiServer.encoded(resourceVersion));
    lastSignNanos = time.nanos();
    try (var stream =
        server.stream(what, ApiServer.part(kind) + ApiServer.selected(kind, query), WATCH_LIMIT)) {
      watching = stream;
      guard();
      var json = ApiServer.parser(stream);
      while (!closed && json.nextToken() == JsonToken.START_OBJECT) {
        event(what, json);
        lastSignNanos = time.nanos();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(what + ": " + e.getMessage(), e);
    } finally {
      watching = null;
    }
  }

  private void event(String what, JsonParser json) throws IOException {
    var type = new String[] {""};
    Fields.each(
        json,
        field -> {
          switch (field) {
            // The server writes the type before the object.
            case "type" -> type[0] = Fields.text(json);
            case "object" -> object(what, type[0], json);
            default -> {}
          }
        });
  }

  private void object(String what, String type, JsonParser json) throws IOException {
    switch (type) {
      case "ADDED", "MODIFIED" -> {
        var record = kind.reader().read(json);
        resourceVersion = record.meta().resourceVersion();
        table.put(record);
      }
      case "DELETED" -> {
        var record = kind.reader().read(json);
        resourceVersion = record.meta().resourceVersion();
        table.remove(record.key());
      }
      case "BOOKMARK" -> resourceVersion = kind.reader().read(json).meta().resourceVersion();
      case "ERROR" -> {
        var status = ApiServer.Status.read(json);
        if (status.reason().equals("Expired") || status.reason().equals("Gone")) {
          throw new ApiFailure.Gone(what + ": " + status.message());
        }
        // Whatever it was, a fresh list is the safe way on.
        resourceVersion = "";
        throw new ApiFailure.Unreachable(what + ": " + status.message(), null);
      }
      default -> {}
    }
  }

  /** Ends a watch that has gone silent; checks itself again as long as this watch lasts. */
  private void guard() {
    var guarded = watching;
    if (guarded == null) {
      return;
    }
    var silence = Duration.ofNanos(time.nanos() - lastSignNanos);
    if (silence.compareTo(SILENCE_MAX) >= 0) {
      log.atWarn().addKeyValue("kind", kind).addKeyValue("took", silence).log("watch went silent");
      hangUp();
    } else {
      time.after(
          SILENCE_MAX.minus(silence),
          () -> {
            if (watching == guarded) {
              guard();
            }
          });
    }
  }

  private void hangUp() {
    var open = watching;
    if (open == null) {
      return;
    }
    // Closing may wait for the peer, and timers must not.
    time.spawn(
        "hang up " + kind,
        () -> {
          try {
            open.close();
          } catch (IOException e) {
            log.atDebug().addKeyValue("kind", kind).setCause(e).log("watch did not close cleanly");
          }
        });
  }
}
