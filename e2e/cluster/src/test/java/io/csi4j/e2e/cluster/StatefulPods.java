package io.csi4j.e2e.cluster;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.Map;

/** A StatefulSet whose pods have a volume each, called data. */
final class StatefulPods {
  private StatefulPods() {}

  static StatefulSet of(String name, int replicas, String command) {
    var labels = Map.of("app", name);
    var pod = TestPod.staying(name, command).on("data").pod().getSpec();
    // The set names each pod's claim itself.
    pod.getVolumes().clear();
    pod.setRestartPolicy("Always");
    return new StatefulSetBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withReplicas(replicas)
        .withServiceName(name)
        .withPodManagementPolicy("Parallel")
        .withNewSelector()
        .withMatchLabels(labels)
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(labels)
        .endMetadata()
        .withSpec(pod)
        .endTemplate()
        .withVolumeClaimTemplates(PodSpace.claimOf("data").build())
        .endSpec()
        .build();
  }
}
