package io.csi4j.e2e.sandbox.actors.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.actors.cluster.Client;
import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.view.Node;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.json.Times;
import io.csi4j.e2e.sandbox.status.ApiFailure;
import io.csi4j.proto.csi.v1.NodeGetInfoResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** What a node writes about itself: its Node and its CSINode. */
final class NodeObjects {
  private static final int TRIES = 5;
  private static final long COUNT_MAX = Integer.MAX_VALUE;
  private static final String HOSTNAME = "kubernetes.io/hostname";

  private final NodeOptions options;
  private final Client client;

  NodeObjects(NodeOptions options, Client client) {
    this.options = options;
    this.client = client;
  }

  /** Makes both objects where they are missing, and says that the node is ready. */
  Node create(Instant now) {
    var node = client.get(Kind.NODE, "", options.name()).orElseGet(this::newNode);
    if (client.get(Kind.CSI_NODE, "", options.name()).isEmpty()) {
      var csiNode = Kind.CSI_NODE.named("", options.name());
      Json.child(csiNode, "metadata")
          .putArray("ownerReferences")
          .addObject()
          .put("apiVersion", "v1")
          .put("kind", "Node")
          .put("name", options.name())
          .put("uid", Json.text(node, "metadata", "uid"));
      csiNode.putObject("spec").putArray("drivers");
      client.create(Kind.CSI_NODE, csiNode);
    }
    return ready(now, "True");
  }

  private ObjectNode newNode() {
    var node = Kind.NODE.named("", options.name());
    var labels = Json.child(node, "metadata").putObject("labels").put(HOSTNAME, options.name());
    new TreeMap<>(options.labels()).forEach(labels::put);
    Json.child(node, "metadata").putObject("annotations").put(Node.MANAGED, "true");
    return client.create(Kind.NODE, node);
  }

  /** Writes the node's condition. */
  Node ready(Instant now, String status) {
    var patch = Json.object();
    patch
        .putObject("status")
        .putArray("conditions")
        .addObject()
        .put("type", "Ready")
        .put("status", status)
        .put("reason", status.equals("True") ? "KubeletReady" : "NodeStatusUnknown")
        .put("lastTransitionTime", Times.text(now))
        .put("lastHeartbeatTime", Times.text(now));
    return new Node(client.patchStatus(Kind.NODE, "", options.name(), patch));
  }

  void reportInUse(List<String> volumes) {
    var patch = Json.object();
    var list = patch.putObject("status").putArray("volumesInUse");
    volumes.forEach(list::add);
    client.patchStatus(Kind.NODE, "", options.name(), patch);
  }

  /**
   * Writes down that a driver is there.
   *
   * @return why that cannot be, empty if it could
   */
  String register(String driver, NodeGetInfoResponse info) {
    var segments = new TreeMap<>(info.getAccessibleTopology().getSegmentsMap());
    var problem =
        again(
            () -> {
              var node = live(Kind.NODE);
              var clash = clash(node, segments);
              if (clash.isEmpty()) {
                var ids = ids(node);
                ids.put(driver, info.getNodeId());
                patchNode(node, ids, segments);
              }
              return clash;
            });
    if (problem.isEmpty()) {
      again(
          () -> {
            enter(driver, info, segments);
            return "";
          });
    }
    return problem;
  }

  void unregister(String driver) {
    again(
        () -> {
          var node = live(Kind.NODE);
          var ids = ids(node);
          if (ids.remove(driver) != null) {
            patchNode(node, ids, Map.of());
          }
          return "";
        });
    again(
        () -> {
          var csiNode = live(Kind.CSI_NODE);
          client.update(Kind.CSI_NODE, without(csiNode, driver));
          return "";
        });
  }

  private ObjectNode live(Kind kind) {
    return client
        .get(kind, "", options.name())
        .orElseThrow(() -> ApiFailure.of(404, "NotFound", kind.word() + " is gone"));
  }

  private static String clash(ObjectNode node, Map<String, String> segments) {
    var labels = new Node(node).labels();
    for (var segment : segments.entrySet()) {
      var there = labels.get(segment.getKey());
      if (there != null && !there.equals(segment.getValue())) {
        return "detected topology value collision: driver reported \"%s\":\"%s\" but existing label is \"%s\":\"%s\""
            .formatted(segment.getKey(), segment.getValue(), segment.getKey(), there);
      }
    }
    return "";
  }

  private static Map<String, String> ids(ObjectNode node) {
    var ids = new TreeMap<String, String>();
    var text = new Node(node).annotation(Node.NODE_ID);
    if (!text.isEmpty()) {
      try {
        Json.parse(text.getBytes(StandardCharsets.UTF_8))
            .properties()
            .forEach(entry -> ids.put(entry.getKey(), entry.getValue().asText()));
      } catch (IOException e) {
        throw ApiFailure.of(422, "Invalid", "the annotation of node IDs is no JSON: " + e);
      }
    }
    return ids;
  }

  private void patchNode(ObjectNode node, Map<String, String> ids, Map<String, String> labels) {
    var patch = Client.patchOf(node);
    var metadata = Json.child(patch, "metadata");
    if (ids.isEmpty()) {
      metadata.putObject("annotations").putNull(Node.NODE_ID);
    } else {
      var text = Json.object();
      ids.forEach(text::put);
      metadata
          .putObject("annotations")
          .put(Node.NODE_ID, new String(Json.bytes(text), StandardCharsets.UTF_8));
    }
    var into = metadata.putObject("labels");
    labels.forEach(into::put);
    client.patch(Kind.NODE, "", options.name(), patch);
  }

  private void enter(String driver, NodeGetInfoResponse info, Map<String, String> segments) {
    var csiNode = live(Kind.CSI_NODE);
    var entry = Json.object().put("name", driver).put("nodeID", info.getNodeId());
    var keys = entry.putArray("topologyKeys");
    new TreeSet<>(segments.keySet()).forEach(keys::add);
    if (info.getMaxVolumesPerNode() > 0) {
      entry
          .putObject("allocatable")
          .put("count", (int) Math.min(info.getMaxVolumesPerNode(), COUNT_MAX));
    }
    var next = without(csiNode, driver);
    Json.list(Json.child(next, "spec"), "drivers").add(entry);
    client.update(Kind.CSI_NODE, next);
  }

  private static ObjectNode without(ObjectNode csiNode, String driver) {
    var next = csiNode.deepCopy();
    var drivers = Json.list(Json.child(next, "spec"), "drivers");
    for (var index = drivers.size() - 1; index >= 0; index--) {
      if (Json.text(drivers.get(index), "name").equals(driver)) {
        drivers.remove(index);
      }
    }
    return next;
  }

  /** Others write these objects, too. */
  private static String again(Supplier<String> write) {
    for (var left = TRIES; ; left--) {
      try {
        return write.get();
      } catch (ApiFailure failure) {
        if (failure.code() != 409 || left == 0) {
          throw failure;
        }
      }
    }
  }
}
