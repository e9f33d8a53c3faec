package io.csi4j.sidecars.registrar;

import io.csi4j.proto.registration.v1.InfoRequest;
import io.csi4j.proto.registration.v1.RegistrationGrpc;
import io.csi4j.sidecars.kit.csi.FreshCalls;
import io.csi4j.sidecars.kit.csi.SocketAddress;
import io.csi4j.sidecars.kit.health.HttpEndpoint.Answer;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What {@code /healthz} says: asks at the registration socket as kubelet would. */
record SelfCheck(FreshCalls calls, Path socket, String driver, Duration timeout) {
  private static final int OK = 200;
  private static final int MISSING = 404;
  private static final int FAILED = 500;

  Answer answer(RegistrationSocket.Sight sight) {
    return switch (sight) {
      case MISSING -> Answer.text(MISSING, "registration socket does not exist");
      case NO_SOCKET -> Answer.text(FAILED, "%s exists but it's not a socket".formatted(socket));
      case OURS, ANOTHER_SOCKET -> ask();
    };
  }

  private Answer ask() {
    try {
      var info =
          calls.call(
              new SocketAddress(socket),
              channel ->
                  RegistrationGrpc.newBlockingStub(channel)
                      .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
                      .getInfo(InfoRequest.getDefaultInstance()));
      return info.getName().equals(driver)
          ? Answer.text(OK, "ok")
          : Answer.text(FAILED, "invalid driver name " + info.getName());
    } catch (StatusRuntimeException e) {
      return Answer.text(
          FAILED,
          "error getting info from node-registrar socket: %s".formatted(e.getStatus().getCode()));
    }
  }
}
