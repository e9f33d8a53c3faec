package io.csi4j.e2e.sandbox.actors.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.actors.loop.Kills;
import io.csi4j.e2e.sandbox.actors.loop.Kills.When;
import io.csi4j.e2e.sandbox.faults.WriteCall;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.status.ApiFailure;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** One actor's writes and live reads. Every write is a point at which it may be killed. */
public final class Client {
  private final String actor;
  private final String user;
  private final Requests requests;
  private final Mirror mirror;
  private final Kills kills;

  public Client(String actor, String user, Door door, String token, Mirror mirror, Kills kills) {
    this.actor = actor;
    this.user = user;
    this.requests = new Requests(door, token, user);
    this.mirror = mirror;
    this.kills = kills;
  }

  public String user() {
    return user;
  }

  /** Asks the server itself. */
  public Optional<ObjectNode> get(Kind kind, String namespace, String name) {
    try {
      return Optional.of(
          requests.ask("GET", kind.path(namespace, name, ""), Map.of(), new byte[0]));
    } catch (ApiFailure failure) {
      if (failure.code() == 404) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  public ObjectNode create(Kind kind, ObjectNode object) {
    var namespace = Json.text(object, "metadata", "namespace");
    var path = kind.path(namespace, "", "");
    return learned(
        kind,
        write(
            call("create", kind, "", namespace, Json.text(object, "metadata", "name")),
            () -> requests.ask("POST", path, Map.of(), Json.bytes(object))));
  }

  /** Replaces the whole object, if it still is at the version that it carries. */
  public ObjectNode update(Kind kind, ObjectNode object) {
    var namespace = Json.text(object, "metadata", "namespace");
    var name = Json.text(object, "metadata", "name");
    return learned(
        kind,
        write(
            call("update", kind, "", namespace, name),
            () ->
                requests.ask("PUT", kind.path(namespace, name, ""), Map.of(), Json.bytes(object))));
  }

  public ObjectNode patch(Kind kind, String namespace, String name, ObjectNode patch) {
    return patch(kind, namespace, name, "", patch);
  }

  public ObjectNode patchStatus(Kind kind, String namespace, String name, ObjectNode patch) {
    return patch(kind, namespace, name, "status", patch);
  }

  private ObjectNode patch(
      Kind kind, String namespace, String name, String part, ObjectNode patch) {
    return learned(
        kind,
        write(
            call("patch", kind, part, namespace, name),
            () -> requests.mergePatch(kind.path(namespace, name, part), patch)));
  }

  /** Deletes the object if it still is the one with this UID. */
  public void delete(Kind kind, String namespace, String name, String uid) {
    var options = Json.object().put("kind", "DeleteOptions").put("apiVersion", "v1");
    options.put("gracePeriodSeconds", 0);
    options.putObject("preconditions").put("uid", uid);
    var _ =
        write(
            call("delete", kind, "", namespace, name),
            () ->
                requests.ask(
                    "DELETE", kind.path(namespace, name, ""), Map.of(), Json.bytes(options)));
  }

  /** Creates a part of an object, such as a pod's binding or an account's token. */
  public ObjectNode createPart(
      Kind kind, String namespace, String name, String part, ObjectNode body) {
    return write(
        call("create", kind, part, namespace, name),
        () -> requests.ask("POST", kind.path(namespace, name, part), Map.of(), Json.bytes(body)));
  }

  private ObjectNode write(WriteCall call, Supplier<ObjectNode> work) {
    kills.check(actor, When.BEFORE, call);
    var answer = work.get();
    kills.check(actor, When.AFTER, call);
    return answer;
  }

  private ObjectNode learned(Kind kind, ObjectNode object) {
    mirror.learn(kind, object);
    return object;
  }

  private WriteCall call(String verb, Kind kind, String part, String namespace, String name) {
    var resource = part.isEmpty() ? kind.plural() : kind.plural() + "/" + part;
    return new WriteCall(user, verb, kind.group(), resource, namespace, name);
  }

  /** A patch that applies to this version of the object only. */
  public static ObjectNode patchOf(ObjectNode seen) {
    var patch = Json.object();
    patch
        .putObject("metadata")
        .put("resourceVersion", Json.text(seen, "metadata", "resourceVersion"));
    return patch;
  }
}
