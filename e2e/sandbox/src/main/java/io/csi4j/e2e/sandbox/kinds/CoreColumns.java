package io.csi4j.e2e.sandbox.kinds;

import static io.csi4j.e2e.sandbox.kinds.Column.age;
import static io.csi4j.e2e.sandbox.kinds.Column.computed;
import static io.csi4j.e2e.sandbox.kinds.Column.name;
import static io.csi4j.e2e.sandbox.kinds.Column.text;
import static io.csi4j.e2e.sandbox.kinds.Column.wide;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import io.csi4j.e2e.sandbox.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The columns of the other built-in kinds. */
final class CoreColumns {
  private static final String ROLE_LABEL = "node-role.kubernetes.io/";
  private static final String NONE = "<none>";

  private CoreColumns() {}

  static List<Column> plain() {
    return List.of(name(), age());
  }

  static List<Column> dated() {
    return List.of(name(), Column.created());
  }

  static List<Column> namespace() {
    return List.of(name(), text("Status", found -> Json.text(found, "status", "phase")), age());
  }

  static List<Column> secret() {
    return List.of(
        name(),
        text("Type", found -> Json.text(found, "type")),
        computed("Data", "string", (found, _) -> IntNode.valueOf(found.path("data").size())),
        age());
  }

  static List<Column> configMap() {
    return List.of(
        name(),
        computed(
            "Data",
            "string",
            (found, _) ->
                IntNode.valueOf(found.path("data").size() + found.path("binaryData").size())),
        age());
  }

  static List<Column> lease() {
    return List.of(
        name(), text("Holder", found -> Json.text(found, "spec", "holderIdentity")), age());
  }

  static List<Column> node() {
    return List.of(
        name(),
        text("Status", CoreColumns::nodeStatus),
        text("Roles", CoreColumns::roles),
        age(),
        text("Version", found -> Json.text(found, "status", "nodeInfo", "kubeletVersion")),
        wide("Internal-IP", found -> address(found, "InternalIP")),
        wide("External-IP", found -> address(found, "ExternalIP")),
        wide("OS-Image", found -> nodeInfo(found, "osImage")),
        wide("Kernel-Version", found -> nodeInfo(found, "kernelVersion")),
        wide("Container-Runtime", found -> nodeInfo(found, "containerRuntimeVersion")));
  }

  static List<Column> pod() {
    return List.of(
        name(),
        text("Ready", CoreColumns::readyContainers),
        text("Status", CoreColumns::podStatus),
        text("Restarts", found -> Integer.toString(restarts(found))),
        age(),
        wide("IP", found -> orNone(Json.text(found, "status", "podIP"))),
        wide("Node", found -> orNone(Json.text(found, "spec", "nodeName"))),
        wide("Nominated Node", found -> orNone(Json.text(found, "status", "nominatedNodeName"))),
        wide("Readiness Gates", _ -> NONE));
  }

  static List<Column> event() {
    return List.of(
        Column.age("Last Seen", 0, "lastTimestamp"),
        text("Type", found -> Json.text(found, "type")),
        text("Reason", found -> Json.text(found, "reason")),
        text("Object", CoreColumns::involved),
        wide("Subobject", found -> Json.text(found, "involvedObject", "fieldPath")),
        wide("Source", found -> Json.text(found, "source", "component")),
        text("Message", found -> Json.text(found, "message").strip()),
        Column.age("First Seen", 1, "firstTimestamp"),
        wide("Count", found -> Json.text(found, "count")),
        wide("Name", found -> Json.text(found, "metadata", "name")).formatted("name"));
  }

  static List<Column> binding() {
    return List.of(
        name(),
        text(
            "Role",
            found ->
                Json.text(found, "roleRef", "kind") + "/" + Json.text(found, "roleRef", "name")),
        age(),
        wide("Users", found -> subjects(found, "User")),
        wide("Groups", found -> subjects(found, "Group")),
        wide("ServiceAccounts", found -> subjects(found, "ServiceAccount")));
  }

  private static String subjects(JsonNode binding, String kind) {
    return Json.items(binding, "subjects")
        .filter(subject -> Json.text(subject, "kind").equals(kind))
        .map(
            subject ->
                kind.equals("ServiceAccount")
                    ? Json.text(subject, "namespace") + "/" + Json.text(subject, "name")
                    : Json.text(subject, "name"))
        .collect(Collectors.joining(", "));
  }

  private static String nodeStatus(JsonNode node) {
    var ready =
        Json.items(node, "status", "conditions")
            .filter(condition -> Json.text(condition, "type").equals("Ready"))
            .map(condition -> Json.text(condition, "status").equals("True") ? "Ready" : "NotReady")
            .findFirst()
            .orElse("Unknown");
    return Json.at(node, "spec", "unschedulable").asBoolean()
        ? ready + ",SchedulingDisabled"
        : ready;
  }

  private static String roles(JsonNode node) {
    var roles = new ArrayList<String>();
    for (var label : Json.names(Json.at(node, "metadata", "labels"))) {
      if (label.startsWith(ROLE_LABEL)) {
        roles.add(label.substring(ROLE_LABEL.length()));
      }
    }
    return orNone(String.join(",", roles));
  }

  private static String address(JsonNode node, String type) {
    return Json.items(node, "status", "addresses")
        .filter(address -> Json.text(address, "type").equals(type))
        .map(address -> Json.text(address, "address"))
        .findFirst()
        .orElse(NONE);
  }

  private static String nodeInfo(JsonNode node, String name) {
    var value = Json.text(node, "status", "nodeInfo", name);
    return value.isEmpty() ? "<unknown>" : value;
  }

  private static String readyContainers(JsonNode pod) {
    var ready =
        Json.items(pod, "status", "containerStatuses")
            .filter(status -> status.path("ready").asBoolean())
            .count();
    return ready + "/" + Json.at(pod, "spec", "containers").size();
  }

  private static String podStatus(JsonNode pod) {
    if (Json.has(pod, "metadata", "deletionTimestamp")) {
      return "Terminating";
    }
    var reason = Json.text(pod, "status", "reason");
    return reason.isEmpty() ? Json.text(pod, "status", "phase") : reason;
  }

  private static int restarts(JsonNode pod) {
    return Json.items(pod, "status", "containerStatuses")
        .mapToInt(status -> status.path("restartCount").asInt())
        .sum();
  }

  private static String involved(JsonNode event) {
    var kind = Json.text(event, "involvedObject", "kind").toLowerCase(Locale.ROOT);
    return kind + "/" + Json.text(event, "involvedObject", "name");
  }

  private static String orNone(String value) {
    return value.isEmpty() ? NONE : value;
  }
}
