package io.csi4j.e2e.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.access.Attempt;
import io.csi4j.e2e.sandbox.access.RoleEvaluator;
import io.csi4j.e2e.sandbox.access.Tokens;
import io.csi4j.e2e.sandbox.access.User;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.status.ApiFailure;

/** Questions about rights and tokens. */
final class Reviews {
  private final Tokens tokens;
  private final RoleEvaluator roles;

  Reviews(Tokens tokens, RoleEvaluator roles) {
    this.tokens = tokens;
    this.roles = roles;
  }

  Answer answer(User user, Target target, Request request) {
    if (!request.method().equals("POST") || !target.isCollection()) {
      throw ApiFailure.methodNotAllowed();
    }
    var review = Incoming.object(request, target.type());
    var ordered = Incoming.ordered(review, target.type());
    var status = ordered.putObject("status");
    switch (target.type().kind()) {
      case "SelfSubjectAccessReview" -> access(status, user, review);
      case "SubjectAccessReview" -> access(status, subject(review), review);
      case "TokenReview" ->
          tokens
              .byToken(Json.text(review, "spec", "token"))
              .ifPresent(found -> user(status.put("authenticated", true).putObject("user"), found));
      default -> user(status.putObject("userInfo"), user);
    }
    return Answer.json(201, ordered);
  }

  private void access(ObjectNode status, User user, JsonNode review) {
    var asked = Json.at(review, "spec", "resourceAttributes");
    var part = Json.text(asked, "subresource");
    var attempt =
        new Attempt(
            Json.text(asked, "verb"),
            Json.text(asked, "group"),
            Json.text(asked, "resource") + (part.isEmpty() ? "" : "/" + part),
            Json.text(asked, "namespace"),
            Json.text(asked, "name"));
    status.put("allowed", roles.allows(user, attempt));
  }

  private static User subject(JsonNode review) {
    return Tokens.impersonated(
        Json.text(review, "spec", "user"), String.join(",", Json.texts(review, "spec", "groups")));
  }

  private static void user(ObjectNode into, User user) {
    into.put("username", user.name());
    if (!user.uid().isEmpty()) {
      into.put("uid", user.uid());
    }
    var groups = into.putArray("groups");
    user.groups().forEach(groups::add);
  }
}
