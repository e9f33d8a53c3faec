package io.csi4j.sidecars.kit.journal;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.csi4j.sidecars.kit.doors.FakeCluster;
import io.csi4j.sidecars.kit.doors.Intent;
import io.csi4j.sidecars.kit.doors.Journal;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.time.ManualTime;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A process makes three volumes and dies at any of its writes, before or after it is done. The next
 * life must know of every volume that no object names.
 */
class JournalCrashTest {
  private static final ObjectKey LEASE = new ObjectKey("kube-system", "disk");
  private static final int WRITES_MAX = 40;

  private final FakeCluster cluster = new FakeCluster();

  /** Outlive every process. */
  private final Set<String> onStorage = new TreeSet<>();

  private final Set<String> known = new TreeSet<>();

  private int countdown;

  static IntStream moments() {
    return IntStream.range(0, WRITES_MAX);
  }

  @ParameterizedTest(name = "dies at moment {0}")
  @MethodSource("moments")
  void given_a_crash_at_any_write_then_no_volume_is_forgotten(int moment) {
    countdown = moment;
    cluster.before = this::maybeDie;
    cluster.after = this::maybeDie;

    live(new ManualTime());

    countdown = Integer.MAX_VALUE;
    var time = new ManualTime();
    var journal = new ConfigMapJournal(cluster, time, LEASE);
    var remembered = new TreeSet<>(known);
    journal.pending().forEach(intent -> remembered.add(intent.name()));
    assertThat(remembered).containsAll(onStorage);

    replay(journal);
    time.pass(ofSeconds(10));
    assertThat(known).isEqualTo(onStorage);
    assertThat(new ConfigMapJournal(cluster, time, LEASE).pending()).isEmpty();
  }

  private void live(ManualTime time) {
    var journal = new ConfigMapJournal(cluster, time, LEASE);
    for (var name : List.of("pvc-1", "pvc-2", "pvc-3")) {
      time.spawn(name, () -> provision(journal, name));
    }
    try {
      time.pass(ofSeconds(10));
    } catch (Death _) {
      // This life's fibers and timers are left behind with its time.
    }
  }

  private void provision(Journal journal, String name) {
    journal.open(intent(name));
    maybeDie("CreateVolume");
    onStorage.add(name);
    maybeDie("CreateVolume is done");
    known.add(name);
    maybeDie("volume is stored");
    journal.close(name);
  }

  /** As at start: the same name and request once more. */
  private void replay(Journal journal) {
    for (var intent : journal.pending()) {
      onStorage.add(intent.name());
      known.add(intent.name());
      journal.close(intent.name());
    }
  }

  private void maybeDie(String where) {
    if (!where.startsWith("get") && countdown-- == 0) {
      throw new Death(where);
    }
  }

  private static Intent intent(String name) {
    return new Intent(
        name,
        new Intent.Claimant(new ObjectKey("shop", name), "uid"),
        ByteString.copyFromUtf8(name),
        List.of());
  }

  private static final class Death extends Error {
    private static final long serialVersionUID = 1L;

    Death(String where) {
      super(where);
    }
  }
}
