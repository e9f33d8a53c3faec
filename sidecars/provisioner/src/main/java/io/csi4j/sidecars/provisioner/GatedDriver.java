package io.csi4j.sidecars.provisioner;

import com.google.protobuf.Message;
import io.csi4j.sidecars.kit.doors.CsiCall;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.doors.Outcome;

/** The driver, whose calls that work on volumes wait for their turn. */
record GatedDriver(Driver driver, CallGate gate) implements Driver {

  @Override
  public <Q extends Message, R extends Message> Outcome<R> call(CsiCall<Q, R> call, Q request) {
    if (call.equals(CsiCall.CREATE_VOLUME)) {
      return gate.pass(CallGate.Lane.CREATE, () -> driver.call(call, request));
    }
    if (call.equals(CsiCall.DELETE_VOLUME)) {
      return gate.pass(CallGate.Lane.DELETE, () -> driver.call(call, request));
    }
    return driver.call(call, request);
  }
}
