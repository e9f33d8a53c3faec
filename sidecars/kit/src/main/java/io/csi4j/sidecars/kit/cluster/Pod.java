package io.csi4j.sidecars.kit.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Where this process runs: in a pod, as far as it can tell. */
public record Pod(String hostName, String namespace) {
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
  private static final Path NAMESPACE =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");

  public static Pod ofThisProcess() {
    return new Pod(text(HOST_NAME), namespace(System::getenv, NAMESPACE));
  }

  /** As the Go tools look for it. */
  static String namespace(UnaryOperator<@Nullable String> environment, Path file) {
    var fromEnvironment = environment.apply("POD_NAMESPACE");
    if (fromEnvironment != null && !fromEnvironment.isEmpty()) {
      return fromEnvironment;
    }
    var fromFile = text(file);
    return fromFile.isEmpty() ? "default" : fromFile;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException _) {
      // Not in a pod, or not on Linux: whoever needs the text says so.
      return "";
    }
  }
}
