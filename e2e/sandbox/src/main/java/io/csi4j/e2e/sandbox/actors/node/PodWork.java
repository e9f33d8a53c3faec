package io.csi4j.e2e.sandbox.actors.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Stands for the containers of pods: is called when all volumes of a pod are mounted. */
@FunctionalInterface
public interface PodWork {

  /** How the containers ended. */
  enum End {
    /** They run until the pod is deleted. */
    NONE,
    SUCCEEDED,
    FAILED
  }

  /** An exception is a container that fails. */
  End run(RunningPod pod) throws IOException;

  /**
   * A pod whose volumes are mounted.
   *
   * @param volumes where the pod's volumes are, by their names in the pod
   */
  record RunningPod(ObjectNode pod, Map<String, Path> volumes) {
    public RunningPod {
      volumes = Map.copyOf(volumes);
    }
  }
}
