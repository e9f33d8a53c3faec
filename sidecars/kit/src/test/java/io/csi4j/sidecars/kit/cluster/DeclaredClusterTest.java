package io.csi4j.sidecars.kit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.FakeCluster;
import io.csi4j.sidecars.kit.doors.Need;
import io.csi4j.sidecars.kit.doors.Needs;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Patch;
import io.csi4j.sidecars.kit.doors.Verb;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What was not declared does not leave the process. */
class DeclaredClusterTest {
  private static final ObjectKey KEY = ObjectKey.cluster("a");

  private final FakeCluster server = new FakeCluster();

  /** A way through the door, with all that it asks for. */
  private record Way(String name, Needs needs, Consumer<Cluster> call) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static List<Way> ways() {
    return List.of(
        new Way(
            "table",
            Needs.of(Need.ofTable(Attachment.KIND)),
            cluster -> cluster.table(Attachment.KIND)),
        new Way("read", need(Verb.GET), cluster -> cluster.read(Attachment.KIND, KEY)),
        new Way("list", need(Verb.LIST), cluster -> cluster.list(Attachment.KIND)),
        new Way("create", need(Verb.CREATE), cluster -> cluster.create(Attachment.KIND, object())),
        new Way(
            "patch",
            need(Verb.PATCH),
            cluster -> cluster.patch(Attachment.KIND, KEY, Patch.merge(object()))),
        new Way(
            "patch status",
            Needs.of(Need.ofStatus(Attachment.KIND, Verb.PATCH)),
            cluster -> cluster.patch(Attachment.KIND, KEY, Patch.mergeStatus(object()))),
        new Way(
            "update",
            need(Verb.GET, Verb.UPDATE),
            cluster -> cluster.update(Attachment.KIND, KEY, _ -> {})),
        new Way(
            "replace", need(Verb.UPDATE), cluster -> cluster.replace(Attachment.KIND, object())),
        new Way(
            "delete", need(Verb.DELETE), cluster -> cluster.delete(Attachment.KIND, KEY, "uid")));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void given_needs_of_all_other_ways_then_this_one_is_closed(Way way) {
    var others =
        new Needs(
            ways().stream()
                .filter(other -> !other.name().equals(way.name()))
                .flatMap(other -> other.needs().all().stream())
                .filter(need -> way.needs().all().stream().noneMatch(own -> shares(own, need)))
                .toList());

    assertThatThrownBy(() -> way.call().accept(new DeclaredCluster(server, others)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("volumeattachments.storage.k8s.io")
        .hasMessageContaining("not among the needs");
    assertThat(server.requests()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void given_its_needs_then_the_way_is_open(Way way) {
    var failure = catchThrowable(() -> way.call().accept(new DeclaredCluster(server, way.needs())));

    // What is behind the door may fail in its own way.
    assertThat(String.valueOf(failure)).doesNotContain("not among the needs");
  }

  private static boolean shares(Need own, Need other) {
    return own.resource().equals(other.resource())
        && other.verbs().stream().anyMatch(own.verbs()::contains);
  }

  private static Needs need(Verb first, Verb... more) {
    return new Needs(List.of(Need.of(Attachment.KIND, first, more)));
  }

  private static ObjectNode object() {
    var object = JsonNodeFactory.instance.objectNode();
    object.putObject("metadata").put("name", "a").put("resourceVersion", "1");
    return object;
  }
}
