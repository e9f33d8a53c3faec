package io.csi4j.sidecars.registrar;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.registrar.RegistrationSocket.Sight;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of what follows from what is seen: registrar.md 9 and 14. */
class WatchStepTest {

  @ParameterizedTest
  @CsvSource({
    "OURS, false, '', Stay",
    "OURS, true, '', MakeAnewLater",
    "OURS, false, name, MakeAnew",
    "OURS, true, node ID, MakeAnew",
    "MISSING, false, '', MakeAnew",
    "MISSING, true, '', MakeAnew",
    "DEAD, false, '', MakeAnew",
    "ANOTHERS, false, '', Stay",
    "ANOTHERS, true, name, Stay",
    "NO_SOCKET, true, '', Stay"
  })
  void given_what_is_seen_then_the_step(Sight sight, boolean refused, String change, String step) {
    var changes = change.isEmpty() ? List.<String>of() : List.of(change);

    assertThat(WatchStep.decide(sight, refused, changes).getClass().getSimpleName())
        .isEqualTo(step);
  }

  @Test
  void given_several_changes_then_all_are_named() {
    assertThat(WatchStep.decide(Sight.OURS, false, List.of("node ID", "topology")))
        .isEqualTo(new WatchStep.MakeAnew("the driver has changed: node ID, topology"));
  }
}
