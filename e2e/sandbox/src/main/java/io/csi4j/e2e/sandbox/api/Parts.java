package io.csi4j.e2e.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.access.Tokens;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.json.Times;
import io.csi4j.e2e.sandbox.status.ApiFailure;
import io.csi4j.e2e.sandbox.status.Subject;
import io.csi4j.e2e.sandbox.store.Transition;
import java.time.Duration;
import java.util.List;

/** Parts of objects that are created: a pod's binding to a node, a service account's token. */
final class Parts {
  private static final Duration TOKEN_LIFE = Duration.ofHours(1);

  private final Holdings holdings;
  private final Tokens tokens;

  Parts(Holdings holdings, Tokens tokens) {
    this.holdings = holdings;
    this.tokens = tokens;
  }

  Answer create(Target target, Request request) {
    if (!(Incoming.tree(request) instanceof ObjectNode body)) {
      throw ApiFailure.badRequest("the body of the request is not an object");
    }
    return target.is("token") ? token(target, body) : bind(target, body, request);
  }

  private Answer token(Target target, ObjectNode body) {
    var account =
        holdings
            .store()
            .get("serviceaccounts", target.key())
            .orElseThrow(() -> ApiFailure.notFound(target.subject()));
    var asked = Json.at(body, "spec", "expirationSeconds").asLong();
    var life = asked > 0 ? Duration.ofSeconds(asked) : TOKEN_LIFE;
    var token =
        tokens.serviceAccount(
            target.namespace(), target.name(), Json.text(account.object(), "metadata", "uid"));
    body.put("kind", "TokenRequest").put("apiVersion", "authentication.k8s.io/v1");
    Json.child(body, "spec").put("expirationSeconds", life.toSeconds());
    body.putObject("status")
        .put("token", token)
        .put("expirationTimestamp", Times.text(holdings.now().plus(life)));
    return Answer.json(201, body);
  }

  private Answer bind(Target target, ObjectNode body, Request request) {
    var node = Json.text(body, "target", "name");
    new Draft(holdings, target, request)
        .write(
            201,
            before -> {
              if (before == null) {
                throw ApiFailure.notFound(target.subject());
              }
              var bound = Json.text(before.object(), "spec", "nodeName");
              if (!bound.isEmpty()) {
                throw ApiFailure.conflict(
                    new Subject("", "pods/binding", "Binding", target.name()),
                    "pod %s is already assigned to node \"%s\"".formatted(target.name(), bound));
              }
              return new Transition.Put(bound(before.copy(), node));
            },
            List.of());
    var status = Json.object().put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    return Answer.json(201, status.put("status", "Success").put("code", 201));
  }

  private ObjectNode bound(ObjectNode pod, String node) {
    Json.child(pod, "spec").put("nodeName", node);
    var conditions = Json.list(Json.child(pod, "status"), "conditions");
    conditions
        .addObject()
        .put("type", "PodScheduled")
        .put("status", "True")
        .put("lastTransitionTime", Times.text(holdings.now()));
    return pod;
  }
}
