package io.csi4j.e2e.sandbox.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.patch.SameJson;
import io.csi4j.e2e.sandbox.status.FieldError;
import java.util.List;

/** Pod, so far as volumes and scheduling are concerned. */
record PodRules() implements Rules {
  private static final int GRACE_SECONDS = 30;
  private static final List<String> MUTABLE =
      List.of(
          "activeDeadlineSeconds",
          "tolerations",
          "terminationGracePeriodSeconds",
          "schedulingGates");

  @Override
  public void fill(ObjectNode pod) {
    var spec = Json.child(pod, "spec");
    Json.fill(spec, "restartPolicy", "Always");
    Json.fill(spec, "dnsPolicy", "ClusterFirst");
    Json.fill(spec, "schedulerName", "default-scheduler");
    Json.fill(spec, "enableServiceLinks", true);
    if (!Json.has(spec, "terminationGracePeriodSeconds")) {
      spec.put("terminationGracePeriodSeconds", GRACE_SECONDS);
    }
    Json.child(spec, "securityContext");
    for (var list : List.of("containers", "initContainers")) {
      Json.items(spec, list).forEach(container -> container((ObjectNode) container));
    }
  }

  private static void container(ObjectNode container) {
    Json.child(container, "resources");
    Json.fill(container, "terminationMessagePath", "/dev/termination-log");
    Json.fill(container, "terminationMessagePolicy", "File");
    var image = Json.text(container, "image");
    var moving =
        image.endsWith(":latest") || !image.substring(image.lastIndexOf('/') + 1).contains(":");
    Json.fill(container, "imagePullPolicy", moving ? "Always" : "IfNotPresent");
  }

  @Override
  public void prepareCreate(ObjectNode pod, World world) {
    var spec = Json.child(pod, "spec");
    Json.fill(spec, "serviceAccountName", "default");
    spec.put("serviceAccount", Json.text(spec, "serviceAccountName"));
    Json.fill(spec, "preemptionPolicy", "PreemptLowerPriority");
    spec.put("priority", 0);
    pod.putObject("status").put("phase", "Pending").put("qosClass", "BestEffort");
    for (var taint : List.of("not-ready", "unreachable")) {
      tolerate(Json.list(spec, "tolerations"), "node.kubernetes.io/" + taint);
    }
  }

  private static void tolerate(ArrayNode tolerations, String key) {
    if (Json.items(tolerations).anyMatch(found -> Json.text(found, "key").equals(key))) {
      return;
    }
    var toleration = tolerations.addObject().put("key", key).put("operator", "Exists");
    toleration.put("effect", "NoExecute").put("tolerationSeconds", 300);
  }

  @Override
  public void check(ResourceType type, JsonNode pod, Complaints complaints) {
    var containers = Json.at(pod, "spec", "containers");
    if (containers.isEmpty()) {
      complaints.add(FieldError.required("spec.containers", ""));
    }
    for (var index = 0; index < containers.size(); index++) {
      for (var field : List.of("name", "image")) {
        if (Json.text(containers.get(index), field).isEmpty()) {
          complaints.add(FieldError.required("spec.containers[%d].%s".formatted(index, field), ""));
        }
      }
    }
    volumes(pod, complaints);
  }

  private static void volumes(JsonNode pod, Complaints complaints) {
    var names =
        Json.items(pod, "spec", "volumes").map(volume -> Json.text(volume, "name")).toList();
    var containers = Json.at(pod, "spec", "containers");
    for (var index = 0; index < containers.size(); index++) {
      for (var list : List.of("volumeMounts", "volumeDevices")) {
        var place = 0;
        for (var mount : containers.get(index).path(list)) {
          var name = Json.text(mount, "name");
          if (!names.contains(name)) {
            var field = "spec.containers[%d].%s[%d].name".formatted(index, list, place);
            complaints.add(
                new FieldError(
                    FieldError.Reason.INVALID, field, "Not found: \"%s\"".formatted(name)));
          }
          place++;
        }
      }
    }
  }

  @Override
  public void checkUpdate(JsonNode old, JsonNode pod, Complaints complaints) {
    if (!SameJson.same(fixed(old), fixed(pod))) {
      complaints.add(
          FieldError.forbidden(
              "spec",
              "pod updates may not change fields other than `spec.containers[*].image`,"
                  + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations`"
                  + " (only additions to existing tolerations),`spec.terminationGracePeriodSeconds`"
                  + " (allow it to be set to 1 if it was previously negative)"));
    }
  }

  private static JsonNode fixed(JsonNode pod) {
    var spec = (ObjectNode) pod.path("spec").deepCopy();
    spec.remove(MUTABLE);
    for (var list : List.of("containers", "initContainers")) {
      Json.items(spec, list).forEach(container -> ((ObjectNode) container).remove("image"));
    }
    return spec;
  }
}
