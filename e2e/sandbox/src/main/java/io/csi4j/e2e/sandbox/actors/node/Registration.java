package io.csi4j.e2e.sandbox.actors.node;

import io.csi4j.e2e.sandbox.actors.csi.CsiAnswer;
import io.csi4j.e2e.sandbox.actors.csi.CsiCalls;
import io.csi4j.e2e.sandbox.status.ApiFailure;
import io.csi4j.proto.registration.v1.InfoRequest;
import io.csi4j.proto.registration.v1.PluginInfo;
import io.csi4j.proto.registration.v1.RegistrationGrpc;
import io.csi4j.proto.registration.v1.RegistrationStatus;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What kubelet does with a socket that it found: asks who it is, and enters the driver. */
final class Registration {
  private static final Logger log = LoggerFactory.getLogger(Registration.class);
  private static final long LIMIT_SECONDS = 10;

  private final CsiCalls calls;
  private final Plugins plugins;
  private final NodeObjects objects;

  Registration(CsiCalls calls, Plugins plugins, NodeObjects objects) {
    this.calls = calls;
    this.plugins = plugins;
    this.objects = objects;
  }

  /** The driver's name where it is registered now; nothing where that failed. */
  Optional<String> register(Path socket) {
    return switch (info(socket)) {
      case CsiAnswer.Failed<PluginInfo> failed -> {
        log.atDebug()
            .addKeyValue("socket", socket)
            .addKeyValue("why", failed.text())
            .log("plugin did not say who it is");
        yield Optional.empty();
      }
      case CsiAnswer.Done<PluginInfo>(var plugin) -> {
        var problem = enter(plugin);
        notify(socket, problem);
        yield problem.isEmpty() ? Optional.of(plugin.getName()) : Optional.empty();
      }
    };
  }

  private CsiAnswer<PluginInfo> info(Path socket) {
    return calls.call(
        socket,
        channel ->
            RegistrationGrpc.newBlockingStub(channel)
                .withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS)
                .getInfo(InfoRequest.getDefaultInstance()));
  }

  private String enter(PluginInfo plugin) {
    if (!plugin.getType().equals("CSIPlugin")) {
      return "no handler registered for plugin type: " + plugin.getType();
    }
    if (plugin.getSupportedVersionsList().stream().noneMatch(each -> each.matches("v?1\\..*"))) {
      return "none of the versions of the plugin is supported: "
          + plugin.getSupportedVersionsList();
    }
    var socket = Path.of(plugin.getEndpoint());
    return switch (plugins.service(socket).info()) {
      case CsiAnswer.Failed<?> failed ->
          "error getting NodeGetInfo of driver %s: %s".formatted(plugin.getName(), failed.text());
      case CsiAnswer.Done<io.csi4j.proto.csi.v1.NodeGetInfoResponse>(var info) -> {
        try {
          var problem = objects.register(plugin.getName(), info);
          if (problem.isEmpty()) {
            plugins.add(plugin.getName(), socket);
          }
          yield problem;
        } catch (ApiFailure failure) {
          yield failure.text();
        }
      }
    };
  }

  private void notify(Path socket, String problem) {
    var status =
        RegistrationStatus.newBuilder()
            .setPluginRegistered(problem.isEmpty())
            .setError(problem)
            .build();
    var _ =
        calls.call(
            socket,
            channel ->
                RegistrationGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS)
                    .notifyRegistrationStatus(status));
  }
}
