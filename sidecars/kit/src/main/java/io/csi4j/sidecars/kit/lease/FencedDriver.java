package io.csi4j.sidecars.kit.lease;

import com.google.protobuf.Message;
import io.csi4j.sidecars.kit.doors.CsiCall;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.doors.Outcome;

/**
 * Calls only while leadership holds: to the storage, most calls are writes, and what a former
 * leader reads it must not act upon.
 */
record FencedDriver(Driver driver, Leadership leadership) implements Driver {

  @Override
  public <Q extends Message, R extends Message> Outcome<R> call(CsiCall<Q, R> call, Q request) {
    leadership.check(call.name());
    return driver.call(call, request);
  }
}
