package io.csi4j.sidecars.kit.csi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.csi4j.proto.csi.v1.IdentityGrpc;
import io.csi4j.proto.csi.v1.ProbeRequest;
import io.csi4j.sidecars.kit.metrics.CallMetrics;
import io.csi4j.sidecars.kit.metrics.Metrics;
import io.csi4j.sidecars.kit.time.SystemTime;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MeasuredCallsTest {
  private final Metrics metrics = new Metrics(Instant.EPOCH);

  /** B18 33: a call that fails before gRPC has a status for it is an attempt too. */
  @Test
  void given_a_call_that_breaks_before_it_is_on_the_wire_then_it_counts_as_not_of_grpc() {
    var calls = new CallMetrics(metrics);
    calls.driverIs("disk.example.com");
    try (var time = new SystemTime()) {
      var channel = ClientInterceptors.intercept(new Broken(), new MeasuredCalls(calls, time));

      assertThatThrownBy(
              () -> IdentityGrpc.newBlockingStub(channel).probe(ProbeRequest.getDefaultInstance()))
          .hasMessageContaining("no loop to run on");
    }

    assertThat(metrics.scrape())
        .contains(
            "csi_sidecar_operations_seconds_count{driver_name=\"disk.example.com\","
                + "grpc_status_code=\"unknown-non-grpc\",method_name=\"/csi.v1.Identity/Probe\"} 1");
  }

  /** A channel whose calls cannot be started, as one whose event loop has ended. */
  private static final class Broken extends Channel {
    @Override
    public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
      return new ClientCall<>() {
        @Override
        public void start(Listener<R> listener, Metadata headers) {
          throw new IllegalStateException("no loop to run on");
        }

        @Override
        public void request(int messages) {
          // Nothing comes.
        }

        @Override
        public void cancel(
            @org.jspecify.annotations.Nullable String message,
            @org.jspecify.annotations.Nullable Throwable cause) {
          // It never began.
        }

        @Override
        public void halfClose() {
          // It never began.
        }

        @Override
        public void sendMessage(Q message) {
          // It never began.
        }
      };
    }

    @Override
    public String authority() {
      return "localhost";
    }
  }
}
