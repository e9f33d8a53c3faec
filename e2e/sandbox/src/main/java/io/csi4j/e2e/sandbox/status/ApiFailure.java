package io.csi4j.e2e.sandbox.status;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import java.time.Duration;
import java.util.List;

/** A request that ends with a Status object instead of its answer. */
public final class ApiFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final String reason;

  /** Set once, by the factory methods, before the failure is thrown. */
  private final transient ObjectNode details = Json.object();

  private ApiFailure(int code, String reason, String message) {
    // No stack trace: this is an answer, not a fault of the program.
    super(message, null, false, false);
    this.code = code;
    this.reason = reason;
  }

  public static ApiFailure of(int code, String reason, String message) {
    return new ApiFailure(code, reason, message);
  }

  public static ApiFailure badRequest(String message) {
    return new ApiFailure(400, "BadRequest", message);
  }

  public static ApiFailure unauthorized() {
    return new ApiFailure(401, "Unauthorized", "Unauthorized");
  }

  public static ApiFailure forbidden(Subject subject, String why) {
    var message = "%s is forbidden: %s".formatted(subject.quotedResource(), why);
    return new ApiFailure(403, "Forbidden", message).about(subject);
  }

  public static ApiFailure notFound(Subject subject) {
    return new ApiFailure(404, "NotFound", subject.quotedResource() + " not found").about(subject);
  }

  public static ApiFailure noSuchPath() {
    return new ApiFailure(404, "NotFound", "the server could not find the requested resource");
  }

  public static ApiFailure methodNotAllowed() {
    return new ApiFailure(
        405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
  }

  public static ApiFailure notAcceptable() {
    return new ApiFailure(
        406,
        "NotAcceptable",
        "only the following media types are accepted: application/json,"
            + " application/json;as=Table;v=v1;g=meta.k8s.io");
  }

  public static ApiFailure alreadyExists(Subject subject) {
    return new ApiFailure(409, "AlreadyExists", subject.quotedResource() + " already exists")
        .about(subject);
  }

  public static ApiFailure conflict(Subject subject, String why) {
    return new ApiFailure(
            409,
            "Conflict",
            "Operation cannot be fulfilled on %s: %s".formatted(subject.quotedResource(), why))
        .about(subject);
  }

  /** The write was based on an older state of the object. */
  public static ApiFailure stale(Subject subject) {
    return conflict(
        subject,
        "the object has been modified; please apply your changes to the latest version and try"
            + " again");
  }

  public static ApiFailure expired(String message) {
    return new ApiFailure(410, "Expired", message);
  }

  public static ApiFailure unsupportedMediaType(String accepted) {
    var message =
        "the body of the request was in an unknown format - accepted media types include: ";
    return new ApiFailure(415, "UnsupportedMediaType", message + accepted);
  }

  public static ApiFailure invalid(Subject subject, List<FieldError> errors) {
    var texts = errors.stream().map(error -> error.field() + ": " + error.message()).toList();
    var all = texts.size() == 1 ? texts.getFirst() : "[" + String.join(", ", texts) + "]";
    var message =
        "%s \"%s\" is invalid: %s".formatted(subject.qualifiedKind(), subject.name(), all);
    var failure = new ApiFailure(422, "Invalid", message).about(subject);
    failure.details.put("kind", subject.kind());
    var causes = failure.details.putArray("causes");
    for (var error : errors) {
      causes
          .addObject()
          .put("reason", error.reason().wire())
          .put("message", error.message())
          .put("field", error.field());
    }
    return failure;
  }

  /** All that the API server says of a patch that does not apply. */
  public static ApiFailure patchDoesNotApply() {
    return new ApiFailure(
        422, "Invalid", "the server rejected our request due to an error in our request");
  }

  public static ApiFailure tooManyRequests(Duration retryAfter) {
    var failure =
        new ApiFailure(
            429,
            "TooManyRequests",
            "the server has received too many requests and has asked us to try again later");
    return failure.retryAfter(retryAfter);
  }

  public static ApiFailure internal(String message) {
    return new ApiFailure(500, "InternalError", "Internal error occurred: " + message);
  }

  /** The client knows a revision that this server does not have. */
  public static ApiFailure tooLargeVersion(long asked, long current) {
    var failure =
        new ApiFailure(
            504,
            "Timeout",
            "Timeout: Too large resource version: %d, current: %d".formatted(asked, current));
    failure.withCause("ResourceVersionTooLarge", "Too large resource version", "");
    return failure.retryAfter(Duration.ofSeconds(1));
  }

  public ApiFailure withCause(String type, String message, String field) {
    var cause = Json.list(details, "causes").addObject().put("reason", type);
    cause.put("message", message);
    if (!field.isEmpty()) {
      cause.put("field", field);
    }
    return this;
  }

  private ApiFailure retryAfter(Duration pause) {
    details.put("retryAfterSeconds", Math.max(1, pause.toSeconds()));
    return this;
  }

  private ApiFailure about(Subject subject) {
    if (!subject.name().isEmpty()) {
      details.put("name", subject.name());
    }
    if (!subject.group().isEmpty()) {
      details.put("group", subject.group());
    }
    details.put("kind", subject.plural());
    return this;
  }

  public int code() {
    return code;
  }

  public String reason() {
    return reason;
  }

  public String text() {
    return String.valueOf(getMessage());
  }

  /** How many seconds the client shall wait, 0 for as long as it likes. */
  public int retryAfterSeconds() {
    return details.path("retryAfterSeconds").asInt(0);
  }

  /** The Status object. */
  public ObjectNode status() {
    var status = Json.object().put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    status.put("status", "Failure").put("message", text());
    if (!reason.isEmpty()) {
      status.put("reason", reason);
    }
    if (!details.isEmpty()) {
      status.set("details", details.deepCopy());
    }
    return status.put("code", code);
  }
}
