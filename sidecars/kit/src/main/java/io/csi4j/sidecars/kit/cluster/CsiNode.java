package io.csi4j.sidecars.kit.cluster;

import com.fasterxml.jackson.core.JsonParser;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.Resource;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A CSINode: which drivers a node runs, and how each of them calls the node. */
public record CsiNode(Meta meta, List<Entry> drivers) implements Resource {

  /** One driver on the node. */
  public record Entry(String driver, String nodeId, List<String> topologyKeys) {}

  public static final Kind<CsiNode> KIND =
      new Kind<>("storage.k8s.io", "v1", "csinodes", "CSINode", Kind.Scope.CLUSTER, CsiNode::read);

  public @Nullable Entry driver(String name) {
    for (var entry : drivers) {
      if (entry.driver().equals(name)) {
        return entry;
      }
    }
    return null;
  }

  private static CsiNode read(JsonParser json) throws IOException {
    var builder = new Builder();
    Fields.each(
        json,
        field -> {
          switch (field) {
            case "metadata" -> builder.meta = MetaFields.read(json);
            case "spec" ->
                Fields.each(
                    json,
                    name -> {
                      if (name.equals("drivers")) {
                        builder.drivers = Fields.list(json, CsiNode::entry);
                      }
                    });
            default -> {}
          }
        });
    return new CsiNode(builder.meta, builder.drivers);
  }

  private static Entry entry(JsonParser json) throws IOException {
    var builder = new EntryBuilder();
    Fields.each(
        json,
        field -> {
          switch (field) {
            case "name" -> builder.driver = Fields.sharedText(json);
            case "nodeID" -> builder.nodeId = Fields.text(json);
            case "topologyKeys" -> builder.topologyKeys = Fields.sharedTexts(json);
            default -> {}
          }
        });
    return new Entry(builder.driver, builder.nodeId, builder.topologyKeys);
  }

  private static final class Builder {
    private Meta meta = MetaFields.none();
    private List<Entry> drivers = List.of();
  }

  private static final class EntryBuilder {
    private String driver = "";
    private String nodeId = "";
    private List<String> topologyKeys = List.of();
  }
}
