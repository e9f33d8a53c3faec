package io.csi4j.e2e.sandbox.api;

import io.csi4j.e2e.sandbox.access.Attempt;
import io.csi4j.e2e.sandbox.access.RoleEvaluator;
import io.csi4j.e2e.sandbox.access.Tokens;
import io.csi4j.e2e.sandbox.access.User;
import io.csi4j.e2e.sandbox.faults.WatchFaults;
import io.csi4j.e2e.sandbox.kinds.ResourceType.Trait;
import io.csi4j.e2e.sandbox.status.ApiFailure;
import io.csi4j.e2e.sandbox.status.Subject;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From a request to its answer: who is it, what is it about, is it allowed, do it. */
public final class Api {
  private static final Logger log = LoggerFactory.getLogger(Api.class);
  private static final Set<String> HEALTH = Set.of("healthz", "livez", "readyz");

  private final Routes routes;
  private final Tokens tokens;
  private final RoleEvaluator roles;
  private final Discovery discovery;
  private final Listing listing;
  private final Writing writing;
  private final Reviews reviews;
  private final Holdings holdings;
  private final WatchFaults watchFaults;
  private final Duration bookmarkEvery;

  public Api(
      Holdings holdings,
      Tokens tokens,
      Writing writing,
      WatchFaults watchFaults,
      Duration bookmarkEvery) {
    this.holdings = holdings;
    this.tokens = tokens;
    this.writing = writing;
    this.watchFaults = watchFaults;
    this.bookmarkEvery = bookmarkEvery;
    this.routes = new Routes(holdings.kinds());
    this.roles = new RoleEvaluator(holdings);
    this.discovery = new Discovery(holdings.kinds());
    this.listing = new Listing(holdings);
    this.reviews = new Reviews(tokens, roles);
  }

  public Answer serve(Request request) {
    try {
      return answer(request);
    } catch (ApiFailure failure) {
      return Answer.failure(failure);
    } catch (RuntimeException bug) {
      log.atError()
          .setCause(bug)
          .addKeyValue("request", request.method() + " /" + String.join("/", request.path()))
          .log("request failed for a fault of the sandbox");
      return Answer.failure(ApiFailure.internal(String.valueOf(bug)));
    }
  }

  private Answer answer(Request request) {
    var user = user(request);
    var path = request.path();
    if (path.size() >= 1 && HEALTH.contains(path.getFirst())) {
      return Answer.text(200, "ok");
    }
    var documented = discovery.answer(request);
    if (documented.isPresent()) {
      return documented.get();
    }
    var found = routes.find(path);
    if (found.isEmpty()) {
      return Answer.text(404, "404 page not found\n");
    }
    var target = found.get();
    var verb = verb(target, request);
    // Everybody may ask for their own rights.
    if (!target.type().kind().startsWith("SelfSubject")) {
      authorize(user, target, verb);
    }
    if (target.type().has(Trait.REVIEW)) {
      return reviews.answer(user, target, request);
    }
    return switch (verb) {
      case "get" -> listing.get(target, request);
      case "list" -> listing.list(target, request);
      case "watch" -> watch(target, request);
      default -> writing.write(user, verb, target, request);
    };
  }

  private Answer watch(Target target, Request request) {
    if (request.header("upgrade").equalsIgnoreCase("websocket")) {
      // 200 without a body is the answer at which clients turn to a plain watch.
      return Answer.text(200, "");
    }
    return new Answer.Streamed(
        new WatchFeed(holdings, watchFaults, target, request, bookmarkEvery.toNanos()));
  }

  private User user(Request request) {
    var user =
        tokens.byHeader(request.header("authorization")).orElseThrow(ApiFailure::unauthorized);
    var other = request.header("impersonate-user");
    if (other.isEmpty()) {
      return user;
    }
    var attempt = new Attempt("impersonate", "", "users", "", other);
    if (!roles.allows(user, attempt)) {
      throw ApiFailure.forbidden(new Subject("", "users", "User", other), attempt.refusal(user));
    }
    return Tokens.impersonated(other, request.header("impersonate-group"));
  }

  private static String verb(Target target, Request request) {
    var collection = target.isCollection();
    var possible = collection ? List.of("GET", "POST", "DELETE") : methods(target);
    if (!possible.contains(request.method())) {
      throw ApiFailure.methodNotAllowed();
    }
    return switch (request.method()) {
      case "GET" -> request.asks("watch") ? "watch" : collection ? "list" : "get";
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      default -> collection ? "deletecollection" : "delete";
    };
  }

  private static List<String> methods(Target target) {
    return switch (target.subresource()) {
      case "" -> List.of("GET", "PUT", "PATCH", "DELETE");
      case "binding", "token" -> List.of("POST");
      case "finalize" -> List.of("PUT");
      default -> List.of("GET", "PUT", "PATCH");
    };
  }

  private void authorize(User user, Target target, String verb) {
    var type = target.type();
    // A namespace itself is asked for in itself.
    var namespace = type.shelf().equals("namespaces") ? target.name() : target.namespace();
    var attempt = new Attempt(verb, type.group(), target.resource(), namespace, target.name());
    if (!roles.allows(user, attempt)) {
      throw ApiFailure.forbidden(target.subject(), attempt.refusal(user));
    }
  }
}
