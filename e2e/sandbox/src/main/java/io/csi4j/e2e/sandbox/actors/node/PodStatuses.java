package io.csi4j.e2e.sandbox.actors.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.actors.cluster.Client;
import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.view.Pod;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.json.Times;
import java.time.InstantSource;
import java.util.List;

/** What kubelet says of its pods. */
record PodStatuses(Client client, InstantSource clock) {

  void running(Pod pod) {
    write(pod, "Running", "True", "");
  }

  void ended(Pod pod, PodWork.End end) {
    write(pod, end == PodWork.End.FAILED ? "Failed" : "Succeeded", "False", "");
  }

  /** The pod cannot run here, and never will. */
  void rejected(Pod pod, String reason) {
    write(pod, "Failed", "False", reason);
  }

  private void write(Pod pod, String phase, String ready, String reason) {
    var patch = Json.object();
    var status = patch.putObject("status").put("phase", phase);
    var now = Times.text(clock.instant());
    status.put("startTime", now);
    if (!reason.isEmpty()) {
      status.put("reason", reason);
    }
    var conditions = status.putArray("conditions");
    for (var type : List.of("PodScheduled", "Initialized")) {
      condition(conditions.addObject(), type, "True", now);
    }
    for (var type : List.of("ContainersReady", "Ready")) {
      condition(conditions.addObject(), type, ready, now);
    }
    var containers = status.putArray("containerStatuses");
    Json.items(pod.json(), "spec", "containers")
        .forEach(
            each ->
                containers
                    .addObject()
                    .put("name", Json.text(each, "name"))
                    .put("image", Json.text(each, "image"))
                    .put("ready", ready.equals("True"))
                    .put("restartCount", 0));
    client.patchStatus(Kind.POD, pod.namespace(), pod.name(), patch);
  }

  private static void condition(ObjectNode condition, String type, String status, String now) {
    condition.put("type", type).put("status", status).put("lastTransitionTime", now);
  }

  void remove(Pod pod) {
    client.delete(Kind.POD, pod.namespace(), pod.name(), pod.uid());
  }
}
