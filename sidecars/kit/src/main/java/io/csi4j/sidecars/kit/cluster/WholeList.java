package io.csi4j.sidecars.kit.cluster;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.Resource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** All objects of a kind at one moment, read page by page. */
record WholeList<T extends Resource>(List<T> records, String resourceVersion) {
  private static final int PAGE_OBJECTS = 500;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  static <T extends Resource> WholeList<T> of(ApiServer server, Kind<T> kind) {
    var records = new ArrayList<T>();
    var next = "";
    String version;
    do {
      var query = "?limit=" + PAGE_OBJECTS;
      if (!next.isEmpty()) {
        query += "&continue=" + ApiServer.encoded(next);
      }
      var page = page(server, kind, query, records);
      next = page.next();
      version = page.resourceVersion();
    } while (!next.isEmpty());
    return new WholeList<>(records, version);
  }

  private static <T extends Resource> Page page(
      ApiServer server, Kind<T> kind, String query, List<T> into) {
    var what = "list " + kind;
    var url = ApiServer.part(kind) + ApiServer.selected(kind, query);
    try (var stream = server.stream(what, url, LIMIT);
        var json = ApiServer.parser(stream)) {
      json.nextToken();
      var parts = new String[] {"", ""};
      Fields.each(
          json,
          field -> {
            switch (field) {
              case "metadata" ->
                  Fields.each(
                      json,
                      name -> {
                        switch (name) {
                          case "resourceVersion" -> parts[0] = Fields.text(json);
                          case "continue" -> parts[1] = Fields.text(json);
                          default -> {}
                        }
                      });
              case "items" -> readItems(kind, json, into);
              default -> {}
            }
          });
      // To the very end, so that the connection can be used again.
      json.nextToken();
      return new Page(parts[0], parts[1]);
    } catch (IOException e) {
      throw new UncheckedIOException(what + ": " + e.getMessage(), e);
    }
  }

  private static <T extends Resource> void readItems(Kind<T> kind, JsonParser json, List<T> into)
      throws IOException {
    if (json.currentToken() == JsonToken.START_ARRAY) {
      while (json.nextToken() != JsonToken.END_ARRAY) {
        into.add(kind.reader().read(json));
      }
    }
  }

  private record Page(String resourceVersion, String next) {}
}
