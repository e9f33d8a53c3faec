package io.csi4j.app.demo;

import io.csi4j.e2e.sandbox.actors.node.PodWork;
import io.csi4j.e2e.sandbox.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Does in this process what the containers of the story's pods would do, on their real volumes. */
final class PlayedContainers implements PodWork {
  private final Map<String, String> said = new ConcurrentHashMap<>();
  private final Map<String, Path> volumes = new ConcurrentHashMap<>();

  @Override
  public End run(RunningPod pod) throws IOException {
    var name = Json.text(pod.pod(), "metadata", "name");
    var volume = Optional.ofNullable(pod.volumes().get("data"));
    if (volume.isEmpty()) {
      return End.NONE;
    }
    volumes.put(name, volume.get());
    var file = volume.get().resolve(StoryObjects.FILE);
    return switch (Json.text(pod.pod(), "metadata", "labels", StoryObjects.ROLE)) {
      case "writer" -> {
        Files.writeString(file, Story.TEXT + "\n");
        yield End.NONE;
      }
      case "reader" -> {
        said.put(name, Files.readString(file));
        yield End.SUCCEEDED;
      }
      default -> End.NONE;
    };
  }

  /** What the pod has printed. */
  String said(String pod) {
    return said.getOrDefault(pod, "");
  }

  /** Where the pod's volume is. */
  Optional<Path> volume(String pod) {
    return Optional.ofNullable(volumes.get(pod));
  }
}
