package io.csi4j.e2e.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.faults.WatchFaults;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.status.ApiFailure;
import io.csi4j.e2e.sandbox.store.Change;
import io.csi4j.e2e.sandbox.store.Entry;
import io.csi4j.e2e.sandbox.store.Range;
import io.csi4j.e2e.sandbox.store.Store;
import io.csi4j.e2e.sandbox.store.Watch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * One client's watch, from its first event to its end. An object that begins to match the client's
 * selectors is ADDED for it, one that ends to is DELETED.
 */
final class WatchFeed implements Answer.Feed {
  private static final byte[] END = "}\n".getBytes(StandardCharsets.UTF_8);
  private static final String INITIAL_END = "k8s.io/initial-events-end";
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private static final long LAST_BOOKMARK_NANOS = 2 * NANOS_PER_SECOND;

  /** The API server's default lies between half an hour and an hour. */
  private static final long LIMIT_SECONDS_DEFAULT = 1800;

  private final Holdings holdings;
  private final WatchFaults faults;
  private final Target target;
  private final Request request;
  private final long bookmarkNanos;
  private final Predicate<JsonNode> selection;
  private final String prefix;
  private final boolean all;
  private boolean toldColumns;

  WatchFeed(
      Holdings holdings, WatchFaults faults, Target target, Request request, long bookmarkNanos) {
    this.holdings = holdings;
    this.faults = faults;
    this.target = target;
    this.request = request;
    this.bookmarkNanos = bookmarkNanos;
    var selected = Selection.of(request, target.type());
    this.selection =
        target.isCollection()
            ? selected
            : selected.and(object -> Metadata.name(object).equals(target.name()));
    this.all = target.isCollection() && !Selection.isGiven(request);
    this.prefix = Store.prefix(target.namespace());
    check();
  }

  private void check() {
    var match = request.parameter("resourceVersionMatch");
    if (request.asks("sendInitialEvents") && !match.equals("NotOlderThan")) {
      throw invalid(
          "resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
    }
    if (!request.query().containsKey("sendInitialEvents") && !match.isEmpty()) {
      throw invalid(
          "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
    }
    var version = request.parameter("resourceVersion");
    if (!version.matches("\\d{0,18}")) {
      throw ApiFailure.of(500, "", Listing.unreadable(version));
    }
  }

  private static ApiFailure invalid(String detail) {
    return ApiFailure.of(422, "Invalid", "ListOptions.meta.k8s.io \"\" is invalid: " + detail);
  }

  @Override
  public void run(Answer.Sink sink) throws IOException, InterruptedException {
    var epoch = faults.epoch();
    try {
      var watch = holdings.store().watch(target.type().shelf(), begin(sink));
      follow(watch, sink, epoch);
    } catch (ApiFailure failure) {
      sink.send(head("ERROR"), Json.bytes(failure.status()), END);
    }
  }

  /** Sends what is there already, where the client asks for it; returns where to go on. */
  private long begin(Answer.Sink sink) throws IOException {
    var version = request.parameter("resourceVersion");
    var isNone = version.isEmpty() || version.equals("0");
    var initial =
        request.query().containsKey("sendInitialEvents")
            ? request.asks("sendInitialEvents")
            : isNone;
    if (!initial) {
      return isNone ? holdings.store().revision() : Listing.version(version);
    }
    if (!isNone && Listing.version(version) > holdings.store().revision()) {
      throw ApiFailure.tooLargeVersion(Listing.version(version), holdings.store().revision());
    }
    var range = new Range(prefix, "", 0, 0, this::fits);
    var page = holdings.store().list(target.type().shelf(), range);
    var chunks = new ArrayList<byte[]>();
    page.entries().forEach(entry -> event(chunks, "ADDED", entry));
    if (request.asks("sendInitialEvents") && request.asks("allowWatchBookmarks")) {
      bookmark(chunks, page.revision(), true);
    }
    sink.send(chunks.toArray(byte[][]::new));
    return page.revision();
  }

  private void follow(Watch watch, Answer.Sink sink, long epoch)
      throws IOException, InterruptedException {
    var clock = holdings.surroundings().nanos();
    var asked = request.number("timeoutSeconds");
    var end = clock.getAsLong() + (asked > 0 ? asked : LIMIT_SECONDS_DEFAULT) * NANOS_PER_SECOND;
    // The last one comes just before the end, so that the client can go on from there.
    var lastBookmark = Math.max(clock.getAsLong(), end - LAST_BOOKMARK_NANOS);
    var nextBookmark = Math.min(clock.getAsLong() + bookmarkNanos, lastBookmark);
    while (true) {
      var now = clock.getAsLong();
      if (now - end >= 0) {
        return;
      }
      var changes = watch.next(Math.min(end, nextBookmark) - now, () -> faults.epoch() == epoch);
      if (faults.epoch() != epoch) {
        throw new Answer.CutOff();
      }
      send(changes, sink);
      if (clock.getAsLong() - nextBookmark >= 0) {
        var usual = clock.getAsLong() + bookmarkNanos;
        nextBookmark = clock.getAsLong() < lastBookmark ? Math.min(usual, lastBookmark) : usual;
        if (request.asks("allowWatchBookmarks")) {
          var chunks = new ArrayList<byte[]>();
          bookmark(chunks, watch.position(), false);
          sink.send(chunks.toArray(byte[][]::new));
        }
      }
    }
  }

  private void send(List<Change> changes, Answer.Sink sink)
      throws IOException, InterruptedException {
    var chunks = new ArrayList<byte[]>();
    changes.forEach(change -> change(chunks, change));
    if (!chunks.isEmpty()) {
      faults.beforeDelivery();
      var batch = chunks.toArray(byte[][]::new);
      sink.send(batch);
      if (faults.delivers() == WatchFaults.Delivery.TWICE) {
        sink.send(batch);
      }
    }
  }

  private void change(List<byte[]> chunks, Change change) {
    if (!change.key().startsWith(prefix)) {
      return;
    }
    var before = change.before();
    var matched = before != null && fits(before);
    var matches = change.type() != Change.Type.DELETED && fits(change.after());
    if (matches) {
      event(chunks, matched ? "MODIFIED" : "ADDED", change.after());
    } else if (before != null && matched) {
      event(chunks, "DELETED", last(change, before));
    }
  }

  /** An old object is not read again where all are wanted. */
  private boolean fits(Entry entry) {
    return all || selection.test(entry.object());
  }

  /** What a selector no longer finds is told as it was before, with the revision of the change. */
  private static Entry last(Change change, Entry before) {
    return change.type() == Change.Type.DELETED ? change.after() : before.at(change.revision());
  }

  private void event(List<byte[]> chunks, String type, Entry entry) {
    chunks.add(head(type));
    chunks.add(body(entry));
    chunks.add(END);
  }

  private byte[] body(Entry entry) {
    var type = target.type();
    if (Tables.wanted(request)) {
      var first = !toldColumns;
      toldColumns = true;
      var shown = Outgoing.shown(type, entry.object());
      return Json.bytes(
          new Tables(type, request, holdings.now()).ofEvent(shown, entry.object(), first));
    }
    if (PartialMetadata.wanted(request)) {
      return Json.bytes(PartialMetadata.of(Outgoing.shown(type, entry.object())));
    }
    return Outgoing.bytes(type, entry);
  }

  private void bookmark(List<byte[]> chunks, long revision, boolean initialEnd) {
    chunks.add(head("BOOKMARK"));
    chunks.add(Json.bytes(bookmark(target.type(), revision, initialEnd)));
    chunks.add(END);
  }

  private static ObjectNode bookmark(ResourceType type, long revision, boolean initialEnd) {
    var object = Json.object().put("kind", type.kind()).put("apiVersion", type.apiVersion());
    var metadata = object.putObject("metadata").put("resourceVersion", Long.toString(revision));
    metadata.putNull("creationTimestamp");
    if (initialEnd) {
      metadata.putObject("annotations").put(INITIAL_END, "true");
    }
    return object;
  }

  private static byte[] head(String type) {
    return "{\"type\":\"%s\",\"object\":".formatted(type).getBytes(StandardCharsets.UTF_8);
  }
}
