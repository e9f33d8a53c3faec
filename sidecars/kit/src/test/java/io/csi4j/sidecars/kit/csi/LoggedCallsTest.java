package io.csi4j.sidecars.kit.csi;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.proto.csi.v1.DeleteVolumeRequest;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.time.SystemTime;
import io.grpc.ClientInterceptors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.event.SubstituteLoggingEvent;
import org.slf4j.helpers.NOPLogger;
import org.slf4j.helpers.SubstituteLogger;

/** Scenarios of common.md B18 on what is shown of the talk with the driver. */
class LoggedCallsTest {
  private static final DeleteVolumeRequest REQUEST =
      DeleteVolumeRequest.newBuilder()
          .setVolumeId("a-volume-with-a-long-name")
          .putSecrets("password", "hunter2")
          .build();

  @TempDir Path folder;

  private final ScriptedDriver driver = new ScriptedDriver();
  private final Queue<SubstituteLoggingEvent> shown = new ArrayDeque<>();

  /** B18 22 and 28: no form of what is logged has the secret. */
  @Test
  void given_a_secret_when_the_call_is_shown_then_the_secret_is_not() throws IOException {
    call(new SubstituteLogger("test", shown, false), 0);

    assertThat(text())
        .contains("GRPC call")
        .contains("{\"secrets\":\"***stripped***\",\"volume_id\":\"a-volume-with-a-long-name\"}")
        .doesNotContain("hunter2");
  }

  /** B18 29. */
  @Test
  void given_the_level_is_off_when_called_then_nothing_is_rendered() throws IOException {
    call(NOPLogger.NOP_LOGGER, 0);

    assertThat(shown).isEmpty();
  }

  /** B18 30. */
  @Test
  void given_a_limit_when_the_reply_is_longer_then_it_is_cut_and_the_request_is_not()
      throws IOException {
    call(new SubstituteLogger("test", shown, false), 1);

    assertThat(text())
        .contains("{ [response body too large, log capped to 1 chars]")
        .contains("a-volume-with-a-long-name");
  }

  private String text() {
    return shown.stream().map(SubstituteLoggingEvent::getMessage).toList().toString();
  }

  private void call(Logger log, int charactersMax) throws IOException {
    var socket = folder.resolve("csi.sock");
    try (var _ = driver.start(socket);
        var loop = new EpollLoop();
        var channel = new EpollChannel(SocketAddress.parse(socket.toString()), loop);
        var _ = new SystemTime()) {
      Driver door =
          new GrpcDriver(
              ClientInterceptors.intercept(channel.channel(), new LoggedCalls(log, charactersMax)),
              ofSeconds(10),
              Set.of());
      assertThat(door.deleteVolume(REQUEST).toString()).doesNotContain("hunter2");
    }
  }
}
