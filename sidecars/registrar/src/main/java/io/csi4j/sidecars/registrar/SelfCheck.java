package io.csi4j.sidecars.registrar;

import io.csi4j.proto.registration.v1.InfoRequest;
import io.csi4j.proto.registration.v1.RegistrationGrpc;
import io.csi4j.sidecars.kit.csi.FreshCalls;
import io.csi4j.sidecars.kit.csi.SocketAddress;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.Outcome;
import io.csi4j.sidecars.kit.health.HttpEndpoint.Answer;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What {@code /healthz} says: asks at the registration socket as kubelet would. */
record SelfCheck(FreshCalls calls, String driver, Duration timeout) {
  private static final int OK = 200;
  private static final int MISSING = 404;
  private static final int FAILED = 500;

  Answer answer(Path socket, RegistrationSocket.Sight sight) {
    return switch (sight) {
      case MISSING -> Answer.text(MISSING, "registration socket does not exist");
      case NO_SOCKET -> Answer.text(FAILED, "%s exists but it's not a socket".formatted(socket));
      case DEAD ->
          Answer.text(
              FAILED,
              "error connecting to node-registrar socket %s: connection refused".formatted(socket));
      case OURS, ANOTHERS -> ask(socket);
    };
  }

  private Answer ask(Path socket) {
    try {
      var info =
          calls.call(
              new SocketAddress(socket),
              channel ->
                  RegistrationGrpc.newBlockingStub(OwnQuestion.mark(channel))
                      .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
                      .getInfo(InfoRequest.getDefaultInstance()));
      return info.getName().equals(driver)
          ? Answer.text(OK, "ok")
          : Answer.text(FAILED, "invalid driver name " + info.getName());
    } catch (StatusRuntimeException e) {
      var code = Code.ofNumber(e.getStatus().getCode().value());
      var words =
          code == Code.DEADLINE_EXCEEDED
              ? "context deadline exceeded"
              : String.valueOf(e.getStatus().getDescription());
      return Answer.text(
          FAILED, "error getting info from node-registrar socket: " + Outcome.goText(code, words));
    }
  }
}
