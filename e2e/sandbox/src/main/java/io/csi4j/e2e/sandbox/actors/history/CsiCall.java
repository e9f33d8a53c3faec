package io.csi4j.e2e.sandbox.actors.history;

import com.google.protobuf.Message;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A call of a driver.
 *
 * @param place by which of the driver's sockets it came
 * @param method such as {@code NodeStageVolume}
 * @param volumeId empty where the call is not about a volume
 * @param nodeId as the request has it, empty for calls of the node service
 * @param request may hold secrets: it is for assertions and never printed
 */
public record CsiCall(
    String place,
    String method,
    String volumeId,
    String nodeId,
    Optional<Path> staging,
    Optional<Path> target,
    Message request) {

  public boolean is(String name) {
    return method.equals(name);
  }

  @Override
  public String toString() {
    var text = new StringBuilder(method).append(" at ").append(place);
    if (!volumeId.isEmpty()) {
      text.append(" volume=").append(volumeId);
    }
    if (!nodeId.isEmpty()) {
      text.append(" node=").append(nodeId);
    }
    staging.ifPresent(path -> text.append(" staging=").append(path));
    target.ifPresent(path -> text.append(" target=").append(path));
    return text.toString();
  }
}
