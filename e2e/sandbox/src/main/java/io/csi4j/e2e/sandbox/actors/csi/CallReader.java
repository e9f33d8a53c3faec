package io.csi4j.e2e.sandbox.actors.csi;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.csi4j.e2e.sandbox.actors.history.CsiCall;
import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import java.nio.file.Path;
import java.util.Optional;

/** Reads requests and answers by the protocol's own description of them. */
final class CallReader {
  private static final com.google.protobuf.Descriptors.FileDescriptor CSI =
      CreateVolumeRequest.getDescriptor().getFile();

  private CallReader() {}

  /**
   * @param method with its service, as {@code csi.v1.Node/NodeStageVolume}
   */
  static CsiCall read(String place, String method, byte[] request) {
    var name = method.substring(method.indexOf('/') + 1);
    var message = message(name + "Request", request);
    return new CsiCall(
        place,
        name,
        text(message, name.endsWith("Snapshot") ? "source_volume_id" : "volume_id"),
        text(message, "node_id"),
        path(message, "staging_target_path"),
        path(message, "target_path").or(() -> path(message, "volume_path")),
        message);
  }

  static Message response(String method, byte[] response) {
    return message(method.substring(method.indexOf('/') + 1) + "Response", response);
  }

  private static Message message(String name, byte[] bytes) {
    var descriptor = CSI.findMessageTypeByName(name);
    try {
      // A call that this protocol does not know is passed on, and has no content here.
      return descriptor == null
          ? DynamicMessage.getDefaultInstance(com.google.protobuf.Empty.getDescriptor())
          : DynamicMessage.parseFrom(descriptor, bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("could not read " + name, e);
    }
  }

  private static String text(Message message, String field) {
    var found = message.getDescriptorForType().findFieldByName(field);
    return found != null && found.getJavaType() == FieldDescriptor.JavaType.STRING
        ? (String) message.getField(found)
        : "";
  }

  private static Optional<Path> path(Message message, String field) {
    var text = text(message, field);
    return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
  }
}
