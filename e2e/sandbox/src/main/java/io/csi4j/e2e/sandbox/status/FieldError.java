package io.csi4j.e2e.sandbox.status;

import java.util.ArrayList;

/** One thing wrong with one field, in the API server's vocabulary. */
public record FieldError(Reason reason, String field, String message) {

  /** The reasons that clients can tell apart, as they are spelled on the wire. */
  public enum Reason {
    REQUIRED("FieldValueRequired"),
    INVALID("FieldValueInvalid"),
    NOT_SUPPORTED("FieldValueNotSupported"),
    FORBIDDEN("FieldValueForbidden"),
    DUPLICATE("FieldValueDuplicate"),
    TOO_LONG("FieldValueTooLong");

    private final String wire;

    Reason(String wire) {
      this.wire = wire;
    }

    public String wire() {
      return wire;
    }
  }

  public static FieldError required(String field, String detail) {
    var message = detail.isEmpty() ? "Required value" : "Required value: " + detail;
    return new FieldError(Reason.REQUIRED, field, message);
  }

  public static FieldError invalid(String field, Object value, String detail) {
    var shown = value instanceof String text ? '"' + text + '"' : String.valueOf(value);
    return new FieldError(Reason.INVALID, field, "Invalid value: %s: %s".formatted(shown, detail));
  }

  public static FieldError forbidden(String field, String detail) {
    return new FieldError(Reason.FORBIDDEN, field, "Forbidden: " + detail);
  }

  public static FieldError notSupported(String field, String value, Iterable<String> allowed) {
    var quoted = new ArrayList<String>();
    allowed.forEach(text -> quoted.add('"' + text + '"'));
    return new FieldError(
        Reason.NOT_SUPPORTED,
        field,
        "Unsupported value: \"%s\": supported values: %s"
            .formatted(value, String.join(", ", quoted)));
  }
}
