package io.csi4j.sidecars.kit.events;

/**
 * Something that happened to an object, in words for its owner. A message should be free of what
 * changes with every attempt, such as times and request numbers: equal messages are counted,
 * different ones soon merged or dropped.
 *
 * @param name of the object that tells it; empty for a new one
 */
public record Event(Involved about, Type type, String reason, String message, String name) {

  public Event(Involved about, Type type, String reason, String message) {
    this(about, type, reason, message, "");
  }

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

  /** The same, told by one of all that would tell it: the first to write it under this name. */
  public Event toldOnceAs(String objectName) {
    return new Event(about, type, reason, message, objectName);
  }

  Event withMessage(String other) {
    return new Event(about, type, reason, other, name);
  }
}
