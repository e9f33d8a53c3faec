package io.csi4j.e2e.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.util.function.UnaryOperator;

/** A pod of one container with a shell. */
record TestPod(Pod pod) {
  static final String READY = "ready";
  static final String DATA = "/data";
  static final String DEVICE = "/dev/data";
  private static final String IMAGE = "registry.k8s.io/e2e-test-images/busybox:1.37.0-1";

  /** Ends with the command, and as the command does. */
  static TestPod once(String name, String command) {
    return of(name, command, "Never");
  }

  /** Says that it is ready when the command has succeeded, and stays until it is told to go. */
  static TestPod staying(String name, String command) {
    var script =
        "trap 'exit 0' TERM; %s && echo %s || exit 1; while true; do sleep 0.2; done"
            .formatted(command, READY);
    return of(name, script, "Never");
  }

  private static TestPod of(String name, String script, String restartPolicy) {
    return new TestPod(
        new PodBuilder()
            .withNewMetadata()
            .withName(name)
            .endMetadata()
            .withNewSpec()
            .withRestartPolicy(restartPolicy)
            .withAutomountServiceAccountToken(false)
            .withTerminationGracePeriodSeconds(1L)
            .addNewContainer()
            .withName("main")
            .withImage(IMAGE)
            .withImagePullPolicy("IfNotPresent")
            .withCommand("sh", "-c", script)
            .endContainer()
            .endSpec()
            .build());
  }

  String name() {
    return pod.getMetadata().getName();
  }

  TestPod onNode(String node) {
    return changed(
        builder -> builder.editSpec().addToNodeSelector("kubernetes.io/hostname", node).endSpec());
  }

  /** With the claim's volume as a folder. */
  TestPod on(String claim) {
    return with(
        new VolumeBuilder().withName(claim).withNewPersistentVolumeClaim(claim, false).build(), "");
  }

  /** With the claim's volume as a folder that cannot be written to. */
  TestPod reading(String claim) {
    return with(
        new VolumeBuilder().withName(claim).withNewPersistentVolumeClaim(claim, true).build(), "");
  }

  /** With the claim's volume as a device. */
  TestPod onDevice(String claim) {
    return changed(
        builder ->
            builder
                .editSpec()
                .addNewVolume()
                .withName(claim)
                .withNewPersistentVolumeClaim(claim, false)
                .endVolume()
                .editFirstContainer()
                .addNewVolumeDevice(DEVICE, claim)
                .endContainer()
                .endSpec());
  }

  /** With the claim's volume as a folder of its own name, beside others. */
  TestPod alsoOn(String claim) {
    return mounted(
        new VolumeBuilder().withName(claim).withNewPersistentVolumeClaim(claim, false).build(),
        "/" + claim,
        "");
  }

  /** With a volume as a folder; an empty path means all of it. */
  TestPod with(Volume volume, String subPath) {
    return mounted(volume, DATA, subPath);
  }

  private TestPod mounted(Volume volume, String path, String subPath) {
    return changed(
        builder ->
            builder
                .editSpec()
                .addToVolumes(volume)
                .editFirstContainer()
                .addNewVolumeMount()
                .withName(volume.getName())
                .withMountPath(path)
                .withSubPath(subPath)
                .endVolumeMount()
                .endContainer()
                .endSpec());
  }

  TestPod changed(UnaryOperator<PodBuilder> change) {
    return new TestPod(change.apply(new PodBuilder(pod)).build());
  }
}
