package io.csi4j.driver.framework.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Reason;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Lists in pages. A token is the last ID of its page: whatever is made or removed before the next
 * page is asked for, nothing that was there all the time comes twice or not at all.
 */
final class Paging {
  /** Keeps an answer well below gRPC's 4 MiB. */
  static final int PAGE_ENTRIES_MAX = 1000;

  private static final String VERSION = "v1.";

  private Paging() {}

  /**
   * @param nextToken empty when nothing follows
   */
  record Page<E>(List<E> entries, String nextToken) {}

  /** From where to go on; an empty token stands for the beginning. */
  static Answer<String> lastId(String token) {
    if (token.isEmpty()) {
      return Answer.done("");
    }
    if (token.startsWith(VERSION)) {
      try {
        var id =
            new String(Base64.getUrlDecoder().decode(token.substring(VERSION.length())), UTF_8);
        if (!id.isEmpty() && token(id).equals(token)) {
          return Answer.done(id);
        }
      } catch (IllegalArgumentException _) {
        // No base64, so it is not from us; said below.
      }
    }
    return Answer.refused(
        Reason.ABORTED, "starting_token is none that was given out; begin again without one");
  }

  /**
   * @param entriesMax what the caller takes; 0 for no limit
   * @param read brings this many entries, or fewer when there are no more
   */
  static <E> Page<E> page(int entriesMax, IntFunction<List<E>> read, Function<E, String> id) {
    var limit = entriesMax == 0 ? PAGE_ENTRIES_MAX : Math.min(entriesMax, PAGE_ENTRIES_MAX);
    // One more than fits says whether another page follows.
    var found = read.apply(limit + 1);
    if (found.size() <= limit) {
      return new Page<>(List.copyOf(found), "");
    }
    var entries = List.copyOf(found.subList(0, limit));
    return new Page<>(entries, token(id.apply(entries.getLast())));
  }

  private static String token(String id) {
    return VERSION + Base64.getUrlEncoder().withoutPadding().encodeToString(id.getBytes(UTF_8));
  }
}
