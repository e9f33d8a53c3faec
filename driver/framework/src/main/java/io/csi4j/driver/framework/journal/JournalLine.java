package io.csi4j.driver.framework.journal;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One change, as one line of text that people can read: checksum, sequence number, {@code put} or
 * {@code remove}, key, and the fields in the form of a URL's query.
 *
 * @param fields null when the key is removed
 */
record JournalLine(long sequence, String key, @Nullable SortedMap<String, String> fields) {
  private static final int CHECKSUM_DIGITS = 8;

  /** With the newline at its end. */
  String encode() {
    var body =
        fields == null
            ? "%d remove %s".formatted(sequence, escape(key))
            : "%d put %s %s".formatted(sequence, escape(key), query(fields));
    return checksum(body) + " " + body + "\n";
  }

  /** Empty when the line, given without its newline, is not what was once written. */
  static Optional<JournalLine> decode(String line) {
    if (line.length() <= CHECKSUM_DIGITS + 1) {
      return Optional.empty();
    }
    var body = line.substring(CHECKSUM_DIGITS + 1);
    if (!line.startsWith(checksum(body) + " ")) {
      return Optional.empty();
    }
    var parts = body.split(" ", -1);
    return Optional.of(
        new JournalLine(
            Long.parseLong(parts[0]),
            unescape(parts[2]),
            parts[1].equals("put") ? fields(parts[3]) : null));
  }

  private static String query(SortedMap<String, String> fields) {
    var text = new StringBuilder();
    fields.forEach(
        (name, value) ->
            text.append(text.isEmpty() ? "" : "&")
                .append(escape(name))
                .append('=')
                .append(escape(value)));
    return text.toString();
  }

  private static SortedMap<String, String> fields(String query) {
    var fields = new TreeMap<String, String>();
    for (var pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      var equals = pair.indexOf('=');
      fields.put(unescape(pair.substring(0, equals)), unescape(pair.substring(equals + 1)));
    }
    return fields;
  }

  private static String escape(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String unescape(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static String checksum(String body) {
    var crc = new CRC32C();
    crc.update(body.getBytes(StandardCharsets.UTF_8));
    return "%08x".formatted(crc.getValue());
  }
}
