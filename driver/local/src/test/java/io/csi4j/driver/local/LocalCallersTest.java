package io.csi4j.driver.local;

import static io.csi4j.driver.local.Capabilities.ext4;
import static io.csi4j.driver.local.CsiClient.code;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.proto.csi.v1.ListVolumesResponse;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many callers, and callers who ask for what is not theirs; driver.md 2.4, 9 and 14.8. */
@Timeout(120)
class LocalCallersTest {
  private static final long SIZE_BYTES = 32L << 20;

  @RegisterExtension
  private final DriverOnPool at = DriverOnPool.inFolder(options -> options.withAttach(2));

  private final CsiClient client = at.client();

  /** driver.md 14.11: 200 volumes at once, and 50 callers who all want the same one. */
  @Test
  void given_many_calls_at_once_then_ok_or_aborted_and_one_volume_per_name() throws Exception {
    var ids = new ConcurrentSkipListSet<String>();
    var codes = new ConcurrentLinkedQueue<Status.Code>();

    atOnce(200, n -> ids.add(create("v" + n)));
    assertThat(ids).hasSize(200);
    ids.clear();
    atOnce(50, _ -> codes.add(code(() -> ids.add(create("same")))));
    assertThat(codes).isSubsetOf(Status.Code.OK, Status.Code.ABORTED).contains(Status.Code.OK);
    assertThat(ids).hasSize(1);
    ids.addAll(client.volumes(0, "").getEntriesList().stream().map(LocalCallersTest::id).toList());
    assertThat(ids).hasSize(201);

    var all = List.copyOf(ids);
    atOnce(all.size(), n -> client.delete(all.get(n)));
    assertThat(client.volumes(0, "").getEntriesCount()).isZero();
    assertThat(at.state("volumes")).isEmptyDirectory();
    at.machine().assertNothingLeft();
  }

  /** Numbers 3 and 4 of driver.md 13.4. */
  @Test
  void given_volumes_when_listed_in_pages_then_each_comes_once_with_its_nodes() {
    for (var n = 0; n < 6; n++) {
      create("v" + n);
    }

    var first = client.volumes(4, "");
    client.delete(id(first.getEntries(3)));
    var rest = client.volumes(0, first.getNextToken());

    assertThat(first.getEntriesCount()).isEqualTo(4);
    assertThat(rest.getEntriesCount()).isEqualTo(2);
    assertThat(rest.getNextToken()).isEmpty();
    var attached = id(first.getEntries(0));
    client.attach(attached, "node-a", ext4());
    for (var entry : client.volumes(0, "").getEntriesList()) {
      assertThat(entry.getStatus().getPublishedNodeIdsList())
          .isEqualTo(id(entry).equals(attached) ? List.of("node-a") : List.of());
    }
    assertThat(code(() -> client.volumes(-1, ""))).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(code(() -> client.volumes(0, "-1"))).isEqualTo(Status.Code.ABORTED);
  }

  /** Number 5 of driver.md 13.4: an ID that nobody has given out is looked up, never opened. */
  @Test
  void given_ids_that_are_paths_then_nothing_outside_is_touched() throws IOException {
    var outside = Files.writeString(at.place("image"), "precious");

    client.snapshots().delete("../../..");
    client.snapshots().delete("../../image");
    client.delete("../../image");

    assertThat(outside).hasContent("precious");
  }

  /** driver.md 14.8: what another node has made is not gone. */
  @Test
  void given_an_id_of_another_node_when_deleted_then_its_own_driver_has_to() {
    var foreign = new Ids("node-b", new Random(1)).next();

    assertThat(code(() -> client.delete(foreign))).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(code(() -> client.snapshots().delete(foreign))).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(code(() -> client.createFromSnapshot("v1", SIZE_BYTES, ext4(), foreign)))
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
  }

  private String create(String name) {
    return client.create(name, SIZE_BYTES, ext4()).getVolumeId();
  }

  private static String id(ListVolumesResponse.Entry entry) {
    return entry.getVolume().getVolumeId();
  }

  private static void atOnce(int callers, IntConsumer work) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (var n = 0; n < callers; n++) {
      var caller = n;
      threads.add(Thread.ofVirtual().start(() -> work.accept(caller)));
    }
    for (var thread : threads) {
      thread.join();
    }
  }
}
