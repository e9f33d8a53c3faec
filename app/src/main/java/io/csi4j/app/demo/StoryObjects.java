package io.csi4j.app.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** The objects that the story's user creates. */
final class StoryObjects {
  /** Found by it, also by the next run. */
  static final String LABEL = "app.kubernetes.io/part-of";

  static final String LABEL_VALUE = "csi4j-demo";

  /** What the pod's container does; the node of the sandbox, which has none, does it itself. */
  static final String ROLE = "demo.csi4j.io/role";

  static final String FILE = "file";

  private StoryObjects() {}

  static String storageClass(String name, String driver) {
    return """
        {"apiVersion":"storage.k8s.io/v1","kind":"StorageClass","metadata":{"name":"%s"},
         "provisioner":"%s","allowVolumeExpansion":true,"volumeBindingMode":"Immediate",
         "parameters":{"csi.storage.k8s.io/fstype":"ext4"}}"""
        .formatted(name, driver);
  }

  static String claim(String name, String storageClass, String size) {
    return """
        {"apiVersion":"v1","kind":"PersistentVolumeClaim",
         "metadata":{"name":"%s","labels":{"%s":"%s"}},
         "spec":{"storageClassName":"%s","accessModes":["ReadWriteOnce"],
          "resources":{"requests":{"storage":"%s"}}}}"""
        .formatted(name, LABEL, LABEL_VALUE, storageClass, size);
  }

  static String clone(String name, String storageClass, String size, String of) {
    var claim = Api.object(claim(name, storageClass, size));
    claim.withObject("/spec/dataSource").put("kind", "PersistentVolumeClaim").put("name", of);
    return claim.toString();
  }

  /** A pod that writes the text into the claim's file, is ready then, and stays. */
  static String writer(String name, String claim, String image, String text) {
    var pod = Api.object(pod(name, claim, image, "writer"));
    var container = pod.withArray("/spec/containers").path(0);
    command(
        container,
        "echo %s > /data/%s; sync; trap 'exit 0' TERM; while true; do sleep 0.2; done"
            .formatted(text, FILE));
    Api.object(container, "readinessProbe")
        .put("periodSeconds", 1)
        .withObject("/exec")
        .withArray("command")
        .add("test")
        .add("-s")
        .add("/data/" + FILE);
    return pod.toString();
  }

  /** A pod that prints the claim's file and ends. */
  static String reader(String name, String claim, String image) {
    var pod = Api.object(pod(name, claim, image, "reader"));
    pod.withObject("/spec").put("restartPolicy", "Never");
    command(pod.withArray("/spec/containers").path(0), "cat /data/" + FILE);
    return pod.toString();
  }

  /** A pod that wants several claims, and does nothing with them. */
  static String waiting(String name, List<String> claims, String image) {
    var pod = Api.object(pod(name, claims.getFirst(), image, "waiting"));
    command(
        pod.withArray("/spec/containers").path(0),
        "trap 'exit 0' TERM; while true; do sleep 0.2; done");
    for (var claim : claims.subList(1, claims.size())) {
      var volume = pod.withArray("/spec/volumes").addObject().put("name", claim);
      volume.putObject("persistentVolumeClaim").put("claimName", claim);
    }
    return pod.toString();
  }

  private static void command(JsonNode container, String script) {
    var command = Api.list(container, "command");
    command.add("sh").add("-c").add(script);
  }

  private static String pod(String name, String claim, String image, String role) {
    return """
        {"apiVersion":"v1","kind":"Pod",
         "metadata":{"name":"%s","labels":{"%s":"%s","%s":"%s"}},
         "spec":{"automountServiceAccountToken":false,"terminationGracePeriodSeconds":1,
          "containers":[{"name":"main","image":"%s","imagePullPolicy":"IfNotPresent",
           "volumeMounts":[{"name":"data","mountPath":"/data"}]}],
          "volumes":[{"name":"data","persistentVolumeClaim":{"claimName":"%s"}}]}}"""
        .formatted(name, LABEL, LABEL_VALUE, ROLE, role, image, claim);
  }
}
