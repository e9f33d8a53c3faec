package io.csi4j.sidecars.attacher;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.csi4j.proto.csi.v1.ListVolumesRequest;
import io.csi4j.proto.csi.v1.ListVolumesResponse;
import io.csi4j.proto.csi.v1.ListVolumesResponse.Entry;
import io.csi4j.proto.csi.v1.ListVolumesResponse.VolumeStatus;
import io.csi4j.proto.csi.v1.Volume;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.CsiCall;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.doors.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The driver's list of volumes, page by page. */
class VolumeListerTest {
  private final Pages driver = new Pages();

  /** Scenario 81. */
  @Test
  void given_three_pages_then_tokens_are_chained_and_what_has_no_status_is_left_out() {
    driver.pages.add(page("t1", entry("v1", "n1", "n2")));
    driver.pages.add(
        page(
            "t2",
            Entry.newBuilder().setVolume(Volume.newBuilder().setVolumeId("bare")).build(),
            Entry.newBuilder().setStatus(VolumeStatus.getDefaultInstance()).build()));
    driver.pages.add(page("", entry("v2"), entry("v3", "n1")));

    var listing = new VolumeLister(driver, 2).list();

    assertThat(listing)
        .isEqualTo(
            new Listing.Complete(
                Map.of("v1", Set.of("n1", "n2"), "v2", Set.of(), "v3", Set.of("n1"))));
    assertThat(driver.asked)
        .extracting(ListVolumesRequest::getStartingToken)
        .containsExactly("", "t1", "t2");
    assertThat(driver.asked).extracting(ListVolumesRequest::getMaxEntries).containsOnly(2);
  }

  /** Scenario 80. */
  @Test
  void given_the_second_page_fails_then_there_is_no_list() {
    driver.pages.add(page("t1", entry("v1", "n1")));

    assertThat(new VolumeLister(driver, 0).list()).isEqualTo(new Listing.Broken("no more"));
  }

  @Test
  void given_a_driver_that_turns_in_circles_then_that_is_noticed() {
    for (var i = 0; i < 5; i++) {
      driver.pages.add(page("t1", entry("v" + i)));
    }

    assertThat(new VolumeLister(driver, 0).list())
        .isEqualTo(new Listing.Broken("the driver gave the same next_token twice: t1"));
  }

  private static ListVolumesResponse page(String next, Entry... entries) {
    return ListVolumesResponse.newBuilder()
        .addAllEntries(List.of(entries))
        .setNextToken(next)
        .build();
  }

  private static Entry entry(String volume, String... nodes) {
    return Entry.newBuilder()
        .setVolume(Volume.newBuilder().setVolumeId(volume))
        .setStatus(VolumeStatus.newBuilder().addAllPublishedNodeIds(List.of(nodes)))
        .build();
  }

  /** Gives its pages in their order, and then says no. */
  private static final class Pages implements Driver {
    private final List<ListVolumesResponse> pages = new ArrayList<>();
    private final List<ListVolumesRequest> asked = new ArrayList<>();

    @Override
    public <Q extends Message, R extends Message> Outcome<R> call(CsiCall<Q, R> call, Q request) {
      asked.add((ListVolumesRequest) request);
      return pages.isEmpty()
          ? new Outcome.Refused<>(Code.INTERNAL, "no more")
          : new Outcome.Done<>(call.reply().cast(pages.removeFirst()));
    }
  }
}
