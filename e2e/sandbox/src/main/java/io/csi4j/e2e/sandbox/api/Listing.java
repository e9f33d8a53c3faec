package io.csi4j.e2e.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.kinds.ResourceType.Trait;
import io.csi4j.e2e.sandbox.status.ApiFailure;
import io.csi4j.e2e.sandbox.store.Entry;
import io.csi4j.e2e.sandbox.store.Page;
import io.csi4j.e2e.sandbox.store.Range;
import io.csi4j.e2e.sandbox.store.Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;

/** GET of one object or of many. */
final class Listing {
  private final Holdings holdings;

  Listing(Holdings holdings) {
    this.holdings = holdings;
  }

  Answer get(Target target, Request request) {
    var type = target.type();
    var entry =
        holdings
            .store()
            .get(type.shelf(), target.key())
            .orElseThrow(() -> ApiFailure.notFound(target.subject()));
    if (Tables.wanted(request)) {
      var table = new Tables(type, request, holdings.now());
      return Answer.json(200, table.of(List.of(entry), versionOf(entry.revision())));
    }
    return Answer.json(200, Outgoing.bytes(type, entry));
  }

  Answer list(Target target, Request request) {
    var type = target.type();
    var page = page(target, request);
    var metadata = metadata(request, page);
    if (Tables.wanted(request)) {
      return Answer.json(
          200, new Tables(type, request, holdings.now()).of(page.entries(), metadata));
    }
    if (PartialMetadata.wanted(request)) {
      return Answer.json(200, PartialMetadata.list(type, page.entries(), metadata));
    }
    return Answer.json(200, whole(type, page.entries(), metadata));
  }

  private Page page(Target target, Request request) {
    var selection = Selection.of(request, target.type());
    Predicate<Entry> wanted =
        Selection.isGiven(request) ? entry -> selection.test(entry.object()) : _ -> true;
    var prefix = Store.prefix(target.namespace());
    var asked = request.parameter("resourceVersion");
    var match = request.parameter("resourceVersionMatch");
    var token = request.parameter("continue");
    checkVersion(asked, match, token);
    var limit = Math.toIntExact(Math.min(request.number("limit"), Integer.MAX_VALUE));
    if (!token.isEmpty()) {
      var from = Continue.read(token);
      return holdings
          .store()
          .list(
              target.type().shelf(),
              new Range(prefix, from.afterKey(), from.revision(), limit, wanted));
    }
    var exact = match.equals("Exact") || (limit > 0 && match.isEmpty() && !isNone(asked));
    if (exact) {
      return holdings
          .store()
          .list(target.type().shelf(), new Range(prefix, "", version(asked), limit, wanted));
    }
    requireNotFuture(asked);
    return holdings.store().list(target.type().shelf(), new Range(prefix, "", 0, limit, wanted));
  }

  private void requireNotFuture(String asked) {
    if (!isNone(asked) && version(asked) > holdings.store().revision()) {
      throw ApiFailure.tooLargeVersion(version(asked), holdings.store().revision());
    }
  }

  private static boolean isNone(String version) {
    return version.isEmpty() || version.equals("0");
  }

  private static void checkVersion(String asked, String match, String token) {
    var field = "resourceVersionMatch";
    if (!token.isEmpty() && !isNone(asked)) {
      throw ApiFailure.badRequest("specifying resource version is not allowed when using continue");
    }
    if (match.isEmpty()) {
      return;
    }
    if (asked.isEmpty()) {
      throw invalid(
          field, "Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided");
    }
    if (!token.isEmpty()) {
      throw invalid(
          field, "Forbidden: resourceVersionMatch is forbidden when continue is provided");
    }
    if (match.equals("Exact") && asked.equals("0")) {
      throw invalid(
          field,
          "Forbidden: resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
    }
    if (!List.of("Exact", "NotOlderThan").contains(match)) {
      throw invalid(
          field,
          "Unsupported value: \"%s\": supported values: \"Exact\", \"NotOlderThan\", \"\""
              .formatted(match));
    }
  }

  private static ApiFailure invalid(String field, String detail) {
    return ApiFailure.of(
        422, "Invalid", "ListOptions.meta.k8s.io \"\" is invalid: %s: %s".formatted(field, detail));
  }

  static long version(String text) {
    if (!text.matches("\\d{1,18}")) {
      throw ApiFailure.badRequest("invalid resource version: " + unreadable(text));
    }
    return Long.parseLong(text);
  }

  static String unreadable(String version) {
    return "resourceVersion: Invalid value: \"%s\": strconv.ParseUint: parsing \"%s\": invalid syntax"
        .formatted(version, version);
  }

  private static ObjectNode versionOf(long revision) {
    return Json.object().put("resourceVersion", Long.toString(revision));
  }

  private static ObjectNode metadata(Request request, Page page) {
    var metadata = versionOf(page.revision());
    if (!page.lastKey().isEmpty()) {
      metadata.put("continue", new Continue(page.revision(), page.lastKey()).text());
      if (!Selection.isGiven(request)) {
        metadata.put("remainingItemCount", page.keysLeft());
      }
    }
    return metadata;
  }

  /** The items as they lie in the store, without reading them again. */
  private static byte[] whole(ResourceType type, List<Entry> entries, ObjectNode metadata) {
    var out = new ByteArrayOutputStream(256 + entries.size() * 512);
    var head = Json.object().put("kind", type.kind() + "List").put("apiVersion", type.apiVersion());
    head.set("metadata", metadata);
    var opened = Json.bytes(head);
    try {
      out.write(opened, 0, opened.length - 1);
      out.write(",\"items\":[".getBytes(StandardCharsets.UTF_8));
      var first = true;
      for (var entry : entries) {
        if (!first) {
          out.write(',');
        }
        first = false;
        item(out, type, Outgoing.bytes(type, entry));
      }
      out.write("]}".getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** In lists of built-in kinds, items have no kind and version of their own. */
  private static void item(ByteArrayOutputStream out, ResourceType type, byte[] bytes) {
    var prefix =
        "{\"kind\":\"%s\",\"apiVersion\":\"%s\",".formatted(type.kind(), type.apiVersion());
    if (type.has(Trait.CUSTOM) || !startsWith(bytes, prefix)) {
      out.writeBytes(bytes);
      return;
    }
    out.write('{');
    out.write(bytes, prefix.length(), bytes.length - prefix.length());
  }

  private static boolean startsWith(byte[] bytes, String prefix) {
    return bytes.length > prefix.length()
        && new String(bytes, 0, prefix.length(), StandardCharsets.ISO_8859_1).equals(prefix);
  }

  /** Where the next page begins. */
  private record Continue(long revision, String afterKey) {

    static Continue read(String token) {
      try {
        var text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        var colon = text.indexOf(':');
        if (colon > 0) {
          return new Continue(version(text.substring(0, colon)), text.substring(colon + 1));
        }
      } catch (IllegalArgumentException _) {
        // Not one of ours; said below.
      }
      throw ApiFailure.badRequest(
          "invalid continue token: continue key is not valid: not a token of this server");
    }

    String text() {
      var plain = revision + ":" + afterKey;
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }
  }
}
