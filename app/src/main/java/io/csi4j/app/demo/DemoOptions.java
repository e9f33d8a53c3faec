package io.csi4j.app.demo;

import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.options.Flags.Presence;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How the story is told.
 *
 * @param keep whether the cluster stays when the story has ended
 * @param plain whether lines never change in place
 * @param folders whether volumes are folders even where images could be mounted
 * @param fail a CSI call that the driver shall refuse
 * @param log a file for what the parts log
 * @param stepLimit how long one wait may take
 * @param cluster empty for the one in this process
 */
record DemoOptions(
    boolean keep,
    boolean plain,
    boolean folders,
    Optional<String> fail,
    Optional<Path> log,
    Duration stepLimit,
    Optional<ClusterOptions> cluster) {
  private static final Duration STEP_LIMIT = Duration.ofSeconds(30);
  private static final Duration STEP_LIMIT_OF_FAILURE = Duration.ofSeconds(5);
  private static final Duration STEP_LIMIT_IN_CLUSTER = Duration.ofMinutes(2);
  private static final String IMAGE = "registry.k8s.io/e2e-test-images/busybox:1.37.0-1";

  /** Calls that the story cannot do without. */
  private static final List<String> CALLS =
      List.of(
          "CreateVolume",
          "ControllerPublishVolume",
          "NodeStageVolume",
          "NodePublishVolume",
          "ControllerExpandVolume",
          "NodeExpandVolume",
          "NodeUnpublishVolume",
          "ControllerUnpublishVolume",
          "DeleteVolume");

  /**
   * A real cluster.
   *
   * @param storageClass empty for its default, or the only one of our driver
   * @param provisioner empty where it shall not be killed
   */
  record ClusterOptions(
      String kubeconfig,
      Optional<String> storageClass,
      String namespace,
      String podImage,
      Optional<PodsOfProvisioner> provisioner) {}

  /** By which the provisioner's pods are found. */
  record PodsOfProvisioner(String namespace, String label, String value) {
    private static final Pattern FORM = Pattern.compile("([a-z0-9-]+)/([A-Za-z0-9./_-]+)=([^=]+)");

    /** Empty where the text is none. */
    static Optional<PodsOfProvisioner> parse(String text) {
      var match = FORM.matcher(text);
      return match.matches()
          ? Optional.of(new PodsOfProvisioner(match.group(1), match.group(2), match.group(3)))
          : Optional.empty();
    }

    @Override
    public String toString() {
      return "label %s=%s in namespace %s".formatted(label, value, namespace);
    }
  }

  static DemoOptions from(Flags flags) {
    var keep = flags.truth("keep", Presence.OFF, "keep the cluster until Ctrl-C, for kubectl");
    var plain =
        flags.truth("plain", Presence.OFF, "plain lines, as without a terminal or with NO_COLOR");
    var folders =
        flags.truth(
            "folders", Presence.OFF, "volumes are folders and nothing is mounted, as without root");
    var fail =
        flags.text(
            "fail", "", "a CSI call that the driver refuses, to see how that looks: " + words());
    flags.require(fail.isEmpty() || CALLS.contains(fail), "fail", "one of " + words());
    var log = flags.text("log", "", "a file for what the parts log; else it is thrown away");
    flags.require(log.isEmpty() || writable(Path.of(log)), "log", "a file that can be written");
    var cluster = cluster(flags);
    var limit =
        flags.duration(
            "step-timeout",
            cluster.isPresent()
                ? STEP_LIMIT_IN_CLUSTER
                : fail.isEmpty() ? STEP_LIMIT : STEP_LIMIT_OF_FAILURE,
            "how long one step may wait; 5s with --fail, 2m with --kubeconfig");
    flags.require(!limit.isZero(), "step-timeout", "longer than 0");
    for (var own : List.of("keep", "folders")) {
      flags.require(
          cluster.isEmpty() || !(own.equals("keep") ? keep : folders),
          own,
          "absent where --kubeconfig is given");
    }
    flags.require(
        cluster.isEmpty() || fail.isEmpty(), "fail", "absent where --kubeconfig is given");
    flags.throwIfAnyProblem();
    return new DemoOptions(
        keep, plain, folders, given(fail), given(log).map(Path::of), limit, cluster);
  }

  private static Optional<ClusterOptions> cluster(Flags flags) {
    var kubeconfig = flags.text("kubeconfig", "", "tell it on this cluster, not on an own one");
    flags.require(
        kubeconfig.isEmpty() || Files.isReadable(Path.of(kubeconfig)),
        "kubeconfig",
        "a file that can be read");
    var storageClass =
        flags.text(
            "storage-class", "", "of that cluster; else its default, or one of local.csi4j.io");
    var namespace = flags.text("namespace", "", "of that cluster; else default");
    var image = flags.text("pod-image", "", "has sh, cat and sleep; else " + IMAGE);
    var pods =
        flags.text(
            "provisioner-pods",
            "",
            "NAMESPACE/LABEL=VALUE: pods to kill in the middle; else that step is left out");
    var provisioner = PodsOfProvisioner.parse(pods);
    flags.require(
        pods.isEmpty() || provisioner.isPresent(), "provisioner-pods", "NAMESPACE/LABEL=VALUE");
    if (!kubeconfig.isEmpty()) {
      return Optional.of(
          new ClusterOptions(
              kubeconfig,
              given(storageClass),
              given(namespace).orElse("default"),
              given(image).orElse(IMAGE),
              provisioner));
    }
    var needed = "absent where --kubeconfig is not given";
    flags.require(storageClass.isEmpty(), "storage-class", needed);
    flags.require(namespace.isEmpty(), "namespace", needed);
    flags.require(image.isEmpty(), "pod-image", needed);
    flags.require(provisioner.isEmpty(), "provisioner-pods", needed);
    return Optional.empty();
  }

  private static boolean writable(Path file) {
    var folder = file.toAbsolutePath().getParent();
    return Files.exists(file) ? Files.isWritable(file) : folder != null && Files.isWritable(folder);
  }

  private static Optional<String> given(String text) {
    return Optional.of(text).filter(each -> !each.isEmpty());
  }

  private static String words() {
    return String.join(", ", CALLS);
  }
}
