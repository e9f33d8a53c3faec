package io.csi4j.driver.framework.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** driver.md 9. */
class PagingTest {

  /** Number 3 of driver.md 13.4: numbers are no tokens, and break nothing. */
  @ParameterizedTest
  @ValueSource(strings = {"invalid-token", "0", "-1", "1", "v1.", "v1.!", "v1.YQ==", "v2.YQ"})
  void given_a_token_that_was_never_given_out_then_aborted(String token) {
    assertThat(Paging.lastId(token))
        .isInstanceOfSatisfying(
            Answer.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(Reason.ABORTED));
  }

  @Test
  void given_as_many_as_fit_then_there_is_no_next_page() {
    var ids = new TreeSet<>(List.of("a", "b"));

    assertThat(page(ids, "", 2)).isEqualTo(new Paging.Page<>(List.of("a", "b"), ""));
    assertThat(page(ids, "", 0)).isEqualTo(new Paging.Page<>(List.of("a", "b"), ""));
  }

  @Test
  void given_more_than_a_page_of_ours_then_the_rest_follows() {
    var ids = new TreeSet<String>();
    for (var n = 0; n < 2500; n++) {
      ids.add("%04d".formatted(n));
    }

    assertThat(page(ids, "", 0).entries()).hasSize(Paging.PAGE_ENTRIES_MAX);
    assertThat(walk(ids, 0, () -> {})).containsExactlyElementsOf(ids);
  }

  /** What is there all the time comes once, whatever comes and goes between two pages. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void given_changes_between_pages_then_survivors_come_exactly_once(long seed) {
    var random = new Random(seed);
    var ids = new TreeSet<String>();
    var survivors = new TreeSet<String>();
    for (var n = 0; n < 40; n++) {
      var id = "id/%d é".formatted(random.nextInt(1000));
      ids.add(id);
      if (random.nextBoolean()) {
        survivors.add(id);
      }
    }

    var seen =
        walk(
            ids,
            1 + random.nextInt(7),
            () -> {
              ids.removeIf(id -> !survivors.contains(id) && random.nextInt(3) == 0);
              ids.add("id/%d é".formatted(random.nextInt(1000)));
            });

    assertThat(seen).doesNotHaveDuplicates().containsAll(survivors);
  }

  static LongStream seeds() {
    return LongStream.range(0, 100);
  }

  private static List<String> walk(NavigableSet<String> ids, int entriesMax, Runnable between) {
    List<String> seen = new ArrayList<>();
    var token = "";
    do {
      var page = page(ids, token, entriesMax);
      seen.addAll(page.entries());
      token = page.nextToken();
      between.run();
    } while (!token.isEmpty());
    return seen;
  }

  private static Paging.Page<String> page(NavigableSet<String> ids, String token, int entriesMax) {
    if (!(Paging.lastId(token) instanceof Answer.Done<String>(var lastId))) {
      throw new AssertionError("refused its own token: " + token);
    }
    return Paging.page(
        entriesMax,
        countMax -> ids.tailSet(lastId, false).stream().limit(countMax).toList(),
        Function.identity());
  }
}
