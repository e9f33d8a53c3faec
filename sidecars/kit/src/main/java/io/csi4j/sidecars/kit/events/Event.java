package io.csi4j.sidecars.kit.events;

/**
 * Something that happened to an object, in words for its owner. A message should be free of what
 * changes with every attempt, such as times and request numbers: equal messages are counted,
 * different ones soon merged or dropped.
 */
public record Event(Involved about, Type type, String reason, String message) {

  /** The only types that the API knows. */
  public enum Type {
    NORMAL("Normal"),
    WARNING("Warning");

    private final String text;

    Type(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  public static Event normal(Involved about, String reason, String message) {
    return new Event(about, Type.NORMAL, reason, message);
  }

  public static Event warning(Involved about, String reason, String message) {
    return new Event(about, Type.WARNING, reason, message);
  }

  Event withMessage(String other) {
    return new Event(about, type, reason, other);
  }
}
