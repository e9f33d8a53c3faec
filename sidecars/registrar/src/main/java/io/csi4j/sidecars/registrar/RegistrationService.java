package io.csi4j.sidecars.registrar;

import io.csi4j.proto.registration.v1.InfoRequest;
import io.csi4j.proto.registration.v1.PluginInfo;
import io.csi4j.proto.registration.v1.RegistrationGrpc;
import io.csi4j.proto.registration.v1.RegistrationStatus;
import io.csi4j.proto.registration.v1.RegistrationStatusResponse;
import io.grpc.stub.StreamObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What kubelet asks and tells. */
final class RegistrationService extends RegistrationGrpc.RegistrationImplBase {
  private static final Logger log = LoggerFactory.getLogger(RegistrationService.class);
  private static final String TYPE = "CSIPlugin";

  /** A constant of the registration protocol, not the driver's CSI version. */
  private static final String VERSION = "1.0.0";

  private final String driver;
  private final String endpoint;
  private final RegistrationStory story;

  RegistrationService(String driver, String endpoint, RegistrationStory story) {
    this.driver = driver;
    this.endpoint = endpoint;
    this.story = story;
  }

  @Override
  public void getInfo(InfoRequest request, StreamObserver<PluginInfo> reply) {
    if (!OwnQuestion.asks()) {
      log.atDebug().addKeyValue("driver", driver).log("asked who is here");
      story.kubeletAsked();
    }
    reply.onNext(
        PluginInfo.newBuilder()
            .setType(TYPE)
            .setName(driver)
            .setEndpoint(endpoint)
            .addSupportedVersions(VERSION)
            .build());
    reply.onCompleted();
  }

  /** Answers before anything follows from it: kubelet shall not see a broken call. */
  @Override
  public void notifyRegistrationStatus(
      RegistrationStatus status, StreamObserver<RegistrationStatusResponse> reply) {
    reply.onNext(RegistrationStatusResponse.getDefaultInstance());
    reply.onCompleted();
    if (status.getPluginRegistered()) {
      log.atInfo()
          .addKeyValue("driver", driver)
          .addKeyValue("endpoint", endpoint)
          .log("registered");
      story.kubeletAccepted();
    } else {
      log.atError()
          .addKeyValue("driver", driver)
          .addKeyValue("reason", status.getError())
          .log("kubelet refused the registration");
      TopologyHints.remedy(status.getError())
          .ifPresent(
              remedy ->
                  log.atError().addKeyValue("remedy", remedy).log("a node label is in the way"));
      story.kubeletRefused(status.getError());
    }
  }
}
