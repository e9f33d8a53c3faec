package io.csi4j.driver.framework.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.csi4j.driver.framework.syscall.SystemClocks;
import io.csi4j.driver.spi.Readiness;
import io.csi4j.proto.csi.v1.ControllerGetCapabilitiesRequest;
import io.csi4j.proto.csi.v1.ControllerGrpc;
import io.csi4j.proto.csi.v1.ControllerPublishVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.proto.csi.v1.GetPluginInfoRequest;
import io.csi4j.proto.csi.v1.IdentityGrpc;
import io.csi4j.proto.csi.v1.NodeGetCapabilitiesRequest;
import io.csi4j.proto.csi.v1.NodeGrpc;
import io.csi4j.proto.csi.v1.NodeStageVolumeRequest;
import io.csi4j.proto.csi.v1.NodeUnpublishVolumeRequest;
import io.csi4j.proto.csi.v1.ProbeRequest;
import io.csi4j.proto.csi.v1.VolumeCapability;
import io.csi4j.proto.csi.v1.VolumeCapability.AccessMode;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The rules for every call, over a real socket; driver.md 2 and 3. */
@Timeout(60)
class CsiServerTest {
  private final FakePlugin fake = new FakePlugin();
  @TempDir private Path folder;
  private final Queue<String> answered = new ConcurrentLinkedQueue<>();
  private CsiServer server;
  private TestChannel client;

  @BeforeEach
  void start() throws IOException {
    var socket = folder.resolve("csi.sock");
    var settings =
        ServerSettings.at(new Endpoint(socket), SystemClocks.nanos())
            .with((method, code, took) -> answered.add(method + " " + code));
    server = CsiServer.start(settings, fake.plugin());
    client = TestChannel.to(socket);
  }

  @AfterEach
  void stop() {
    fake.goOn.countDown();
    client.close();
    server.close();
  }

  @Test
  void when_asked_who_it_is_then_it_says_name_and_version() {
    var info = identity().getPluginInfo(GetPluginInfoRequest.getDefaultInstance());

    assertThat(info.getName()).isEqualTo("fake.csi4j.io");
    assertThat(info.getVendorVersion()).isEqualTo("1.0");
  }

  @Test
  void given_no_part_for_it_then_a_capability_is_not_reported_and_its_call_not_implemented() {
    var reported =
        controller()
            .controllerGetCapabilities(ControllerGetCapabilitiesRequest.getDefaultInstance());
    var onNode = node().nodeGetCapabilities(NodeGetCapabilitiesRequest.getDefaultInstance());

    assertThat(reported.getCapabilitiesList())
        .extracting(capability -> capability.getRpc().getType())
        .containsExactly(RPC.Type.CREATE_DELETE_VOLUME);
    assertThat(onNode.getCapabilitiesList()).isEmpty();
    assertThat(
            code(
                () ->
                    controller()
                        .controllerPublishVolume(
                            ControllerPublishVolumeRequest.getDefaultInstance())))
        .isEqualTo(Status.Code.UNIMPLEMENTED);
    assertThat(code(() -> node().nodeStageVolume(NodeStageVolumeRequest.getDefaultInstance())))
        .isEqualTo(Status.Code.UNIMPLEMENTED);
  }

  @Test
  void given_a_starting_driver_then_it_is_not_ready_and_other_calls_are_unavailable() {
    fake.state = new Readiness.State.Starting("reading the journal");

    var probe = identity().probe(ProbeRequest.getDefaultInstance());

    assertThat(probe.hasReady()).isTrue();
    assertThat(probe.getReady().getValue()).isFalse();
    assertThat(code(() -> controller().createVolume(request("v1"))))
        .isEqualTo(Status.Code.UNAVAILABLE);
    fake.state = new Readiness.State.Ready();
    assertThat(identity().probe(ProbeRequest.getDefaultInstance()).getReady().getValue()).isTrue();
    assertThat(controller().createVolume(request("v1")).getVolume().getVolumeId())
        .isEqualTo("id of v1");
  }

  @Test
  void when_calls_are_answered_then_whoever_watches_is_told_how() {
    controller().createVolume(request("v1"));
    assertThat(code(() -> controller().createVolume(request("")))).isNotNull();

    assertThat(answered)
        .containsExactly("/csi.v1.Controller/CreateVolume 0", "/csi.v1.Controller/CreateVolume 3");
  }

  @Test
  void given_a_broken_driver_when_probed_then_it_says_why() {
    fake.state = new Readiness.State.Broken("the pool is gone");

    var failure = failure(() -> identity().probe(ProbeRequest.getDefaultInstance()));

    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(failure.getStatus().getDescription()).isEqualTo("the pool is gone");
  }

  @Test
  void given_a_volume_in_work_when_called_again_then_aborted_and_others_go_on() throws Exception {
    var slow = new AtomicReference<String>();
    var first =
        Thread.ofVirtual()
            .start(
                () ->
                    slow.set(controller().createVolume(request("slow")).getVolume().getVolumeId()));
    fake.begun.await();

    assertThat(code(() -> controller().createVolume(request("slow"))))
        .isEqualTo(Status.Code.ABORTED);
    assertThat(controller().createVolume(request("v2")).getVolume().getVolumeId())
        .isEqualTo("id of v2");

    fake.goOn.countDown();
    first.join();
    assertThat(slow).hasValue("id of slow");
    assertThat(controller().createVolume(request("slow")).getVolume().getVolumeId())
        .isEqualTo("id of slow");
  }

  /** driver.md 2.1: fields are looked at first, then the lock, then whether the thing exists. */
  @Test
  void given_a_volume_in_work_when_called_with_a_bad_field_then_invalid_and_not_aborted()
      throws Exception {
    var first =
        Thread.ofVirtual()
            .start(() -> assertThat(controller().createVolume(request("slow"))).isNotNull());
    fake.begun.await();

    var wrong = request("slow").toBuilder();
    wrong.getCapacityRangeBuilder().setRequiredBytes(-1);
    assertThat(code(() -> controller().createVolume(wrong.build())))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);

    fake.goOn.countDown();
    first.join();
  }

  /** driver.md 2.3: secrets of Kubernetes pass 4 KiB in practice. */
  @Test
  void given_secrets_of_more_than_4_kib_then_fine_and_parameters_are_not() {
    var much = "x".repeat(5000);

    assertThat(
            controller()
                .createVolume(request("v1").toBuilder().putSecrets("key", much).build())
                .getVolume()
                .getVolumeId())
        .isEqualTo("id of v1");
    assertThat(
            code(
                () ->
                    controller()
                        .createVolume(
                            request("v2").toBuilder().putParameters("key", much).build())))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  /**
   * driver.md 2.4: the caller's deadline does not cancel the work, and the lock is held as long as
   * it runs.
   */
  @Test
  void given_a_caller_that_gave_up_then_its_call_keeps_the_lock_until_it_ends() throws Exception {
    var impatient = controller().withDeadlineAfter(Duration.ofMillis(300));
    assertThat(code(() -> impatient.createVolume(request("slow"))))
        .isEqualTo(Status.Code.DEADLINE_EXCEEDED);

    assertThat(code(() -> controller().createVolume(request("slow"))))
        .isEqualTo(Status.Code.ABORTED);

    fake.goOn.countDown();
    await()
        .untilAsserted(
            () ->
                assertThat(controller().createVolume(request("slow")).getVolume().getVolumeId())
                    .isEqualTo("id of slow"));
  }

  @Test
  void given_a_bug_then_the_caller_reads_internal_and_the_lock_is_free() {
    assertThat(code(() -> controller().createVolume(request("bug"))))
        .isEqualTo(Status.Code.INTERNAL);
    assertThat(code(() -> controller().createVolume(request("bug"))))
        .isEqualTo(Status.Code.INTERNAL);
  }

  @Test
  void given_a_missing_field_then_invalid_and_the_message_names_it() {
    var failure =
        failure(() -> controller().createVolume(CreateVolumeRequest.getDefaultInstance()));

    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(failure.getStatus().getDescription()).isEqualTo("name is missing");
  }

  @Test
  void given_a_field_for_a_feature_that_is_not_there_then_invalid() {
    var withSource = request("v1").toBuilder();
    withSource.getVolumeContentSourceBuilder().getVolumeBuilder().setVolumeId("v0");
    var withTopology = request("v1").toBuilder();
    withTopology.getAccessibilityRequirementsBuilder();
    var withMutable = request("v1").toBuilder().putParametersMutable("iops", "5");

    assertThat(code(() -> controller().createVolume(withSource.build())))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(code(() -> controller().createVolume(withTopology.build())))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(code(() -> controller().createVolume(withMutable.build())))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void given_a_relative_target_then_invalid() {
    var request =
        NodeUnpublishVolumeRequest.newBuilder().setVolumeId("v1").setTargetPath("a/b").build();

    assertThat(code(() -> node().nodeUnpublishVolume(request)))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void given_a_running_call_when_closed_then_it_ends_first_and_the_socket_is_gone()
      throws Exception {
    var slow = new AtomicReference<String>();
    var first =
        Thread.ofVirtual()
            .start(
                () ->
                    slow.set(controller().createVolume(request("slow")).getVolume().getVolumeId()));
    fake.begun.await();
    var closing = Thread.ofVirtual().start(server::close);
    await().until(() -> !folder.resolve("csi.sock").toFile().exists());

    fake.goOn.countDown();
    first.join();
    closing.join();

    assertThat(slow).hasValue("id of slow");
    assertThat(folder).isEmptyDirectory();
  }

  private static CreateVolumeRequest request(String name) {
    var capability = VolumeCapability.newBuilder();
    capability.getMountBuilder();
    capability.getAccessModeBuilder().setMode(AccessMode.Mode.SINGLE_NODE_WRITER);
    return CreateVolumeRequest.newBuilder()
        .setName(name)
        .addVolumeCapabilities(capability)
        .putSecrets("password", "hunter2")
        .build();
  }

  private static Status.Code code(Runnable call) {
    return failure(call).getStatus().getCode();
  }

  private static StatusRuntimeException failure(Runnable call) {
    try {
      call.run();
    } catch (StatusRuntimeException failure) {
      return failure;
    }
    throw new AssertionError("the call did not fail");
  }

  private IdentityGrpc.IdentityBlockingStub identity() {
    return IdentityGrpc.newBlockingStub(client.channel());
  }

  private ControllerGrpc.ControllerBlockingStub controller() {
    return ControllerGrpc.newBlockingStub(client.channel());
  }

  private NodeGrpc.NodeBlockingStub node() {
    return NodeGrpc.newBlockingStub(client.channel());
  }
}
