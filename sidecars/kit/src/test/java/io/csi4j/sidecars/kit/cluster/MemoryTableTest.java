package io.csi4j.sidecars.kit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoryTableTest {
  private static final Table.Index<Attachment> BY_NODE =
      new Table.Index<>("node", attachment -> List.of(attachment.nodeName()));

  private final MemoryTable<Attachment> table = new MemoryTable<>(List.of(BY_NODE));
  private final List<String> changes = new ArrayList<>();

  @Test
  void given_a_record_that_moves_then_the_index_moves_with_it() {
    table.put(attachment("a", "node-1", "1"));
    table.put(attachment("b", "node-1", "2"));
    table.put(attachment("a", "node-2", "3"));

    assertThat(names(table.by(BY_NODE, "node-1"))).containsExactly("b");
    assertThat(names(table.by(BY_NODE, "node-2"))).containsExactly("a");
    table.remove(ObjectKey.cluster("a"));
    assertThat(table.by(BY_NODE, "node-2")).isEmpty();
  }

  @Test
  void given_records_when_another_index_is_named_then_it_finds_them_and_those_to_come() {
    var byVolume =
        new Table.Index<Attachment>(
            "volume", attachment -> List.of(String.valueOf(attachment.volumeName())));
    var early = attachment("a", "node-1", "1");
    var late = attachment("b", "node-1", "2");
    table.put(early);

    table.alsoBy(List.of(BY_NODE, byVolume));
    table.put(late);

    assertThat(names(table.by(byVolume, String.valueOf(early.volumeName())))).contains("a");
    assertThat(names(table.by(byVolume, String.valueOf(late.volumeName())))).contains("b");
    assertThat(names(table.by(BY_NODE, "node-1"))).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void given_a_new_list_then_only_what_differs_is_told() {
    table.put(attachment("same", "n", "1"));
    table.put(attachment("changed", "n", "1"));
    table.put(attachment("gone", "n", "1"));
    table.onChange(
        (before, after) -> {
          if (before != null) {
            changes.add(
                after == null ? "gone " + before.meta().name() : "changed " + after.meta().name());
          } else if (after != null) {
            changes.add("new " + after.meta().name());
          }
        });
    changes.clear();

    table.replaceAll(
        List.of(
            attachment("same", "n", "1"),
            attachment("changed", "n", "2"),
            attachment("new", "n", "1")));

    assertThat(changes).containsExactlyInAnyOrder("changed changed", "new new", "gone gone");
  }

  @Test
  void given_a_late_listener_then_it_hears_of_what_is_here() {
    table.put(attachment("a", "n", "1"));

    table.onChange((before, after) -> changes.add((before == null) + " " + (after != null)));

    assertThat(changes).containsExactly("true true");
  }

  @Test
  void given_an_own_write_when_the_watch_is_behind_then_the_newer_record_stays() {
    table.put(attachment("a", "before", "1"));
    table.refresh(attachment("a", "written", "9"));

    table.put(attachment("a", "between", "5"));

    assertThat(table.all()).extracting(Attachment::nodeName).containsExactly("written");
  }

  @Test
  void given_an_own_write_when_the_object_is_gone_already_then_it_does_not_come_back() {
    table.put(attachment("a", "n", "1"));
    table.remove(ObjectKey.cluster("a"));

    table.refresh(attachment("a", "n", "2"));

    assertThat(table.all()).isEmpty();
  }

  private static List<String> names(List<Attachment> attachments) {
    return attachments.stream().map(each -> each.meta().name()).toList();
  }

  private static Attachment attachment(String name, String node, String version) {
    var meta =
        new Meta(ObjectKey.cluster(name), "u", version, false, List.of(), Map.of(), Map.of());
    return new Attachment(meta, "driver", node, "pv", null, false, "", "");
  }
}
