package io.csi4j.sidecars.kit.events;

/** Messages that fit into an object, whatever a driver says. */
final class EventText {
  private static final int CHARACTERS_MAX = 4096;
  private static final int HEAD = 3072;
  private static final String GAP = " ... ";

  private EventText() {}

  /** Head and tail: the beginning says what was tried, the end often why it failed. */
  static String limited(String message) {
    if (message.length() <= CHARACTERS_MAX) {
      return message;
    }
    var tail = message.length() - (CHARACTERS_MAX - HEAD - GAP.length());
    // Never between the two halves of a character.
    var headEnd = Character.isLowSurrogate(message.charAt(HEAD)) ? HEAD - 1 : HEAD;
    var tailStart = Character.isLowSurrogate(message.charAt(tail)) ? tail + 1 : tail;
    return message.substring(0, headEnd) + GAP + message.substring(tailStart);
  }
}
