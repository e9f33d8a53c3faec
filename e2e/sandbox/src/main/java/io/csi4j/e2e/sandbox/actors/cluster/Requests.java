package io.csi4j.e2e.sandbox.actors.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.api.Answer;
import io.csi4j.e2e.sandbox.api.Request;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.status.ApiFailure;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Requests in the name of one part of Kubernetes, which has all rights. */
final class Requests {
  private static final int FIRST_FAILURE = 300;

  private final Door door;
  private final Map<String, String> headers;

  Requests(Door door, String token, String user) {
    this.door = door;
    this.headers =
        Map.of(
            "authorization",
            "Bearer " + token,
            "impersonate-user",
            user,
            "impersonate-group",
            "system:masters",
            "content-type",
            "application/json");
  }

  /** The answer's object; throws {@link ApiFailure} for every refusal. */
  ObjectNode ask(String method, List<String> path, Map<String, String> query, byte[] body) {
    return object(send(method, path, query, headers, body));
  }

  ObjectNode mergePatch(List<String> path, JsonNode patch) {
    var patched = new java.util.HashMap<>(headers);
    patched.put("content-type", "application/merge-patch+json");
    return object(send("PATCH", path, Map.of(), patched, Json.bytes(patch)));
  }

  Answer send(String method, List<String> path, Map<String, String> query) {
    return send(method, path, query, headers, new byte[0]);
  }

  private Answer send(
      String method,
      List<String> path,
      Map<String, String> query,
      Map<String, String> withHeaders,
      byte[] body) {
    return door.serve(new Request(method, path, query, withHeaders, body));
  }

  private static ObjectNode object(Answer answer) {
    if (!(answer instanceof Answer.Whole whole)) {
      throw ApiFailure.of(503, "Cut", "the connection was cut");
    }
    var object = parse(whole.body());
    if (whole.code() >= FIRST_FAILURE) {
      throw ApiFailure.of(whole.code(), Json.text(object, "reason"), Json.text(object, "message"));
    }
    return object;
  }

  static ObjectNode parse(byte[] body) {
    try {
      return Json.parse(body) instanceof ObjectNode object ? object : Json.object();
    } catch (IOException e) {
      throw ApiFailure.of(500, "Unreadable", "the server's answer is no JSON: " + e.getMessage());
    }
  }
}
