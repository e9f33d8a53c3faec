package io.csi4j.e2e.sandbox.api;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One HTTP request, read completely.
 *
 * @param path the decoded segments
 * @param query the decoded parameters; of repeated ones the first
 * @param headers by their names in lower case; of repeated ones the first
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and read once
public record Request(
    String method,
    List<String> path,
    Map<String, String> query,
    Map<String, String> headers,
    byte[] body) {

  public Request {
    path = List.copyOf(path);
    query = Map.copyOf(query);
    headers = Map.copyOf(headers);
  }

  public String header(String name) {
    return headers.getOrDefault(name, "");
  }

  String parameter(String name) {
    return query.getOrDefault(name, "");
  }

  boolean asks(String name) {
    var value = parameter(name);
    return value.equals("true") || value.equals("1");
  }

  /** A whole number that is not negative, or 0 where the client sent none. */
  long number(String name) {
    var value = parameter(name);
    return value.matches("\\d{1,18}") ? Long.parseLong(value) : 0;
  }

  boolean isDryRun() {
    return parameter("dryRun").equals("All");
  }

  /** The media type of the body, without parameters. */
  String contentType() {
    return header("content-type").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  String accept() {
    return header("accept");
  }
}
