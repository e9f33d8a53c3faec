package io.csi4j.sidecars.kit.csi;

import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.metrics.CallMetrics;
import io.grpc.Channel;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import java.util.ArrayList;
import java.util.Optional;

/**
 * Who watches the calls to the driver: the log first, then the clock, as in the Go tools.
 *
 * @param metrics take the time of every call; without them nobody does
 * @param logCharactersMax where a logged reply is cut; zero or less cuts nothing
 */
public record Witnesses(Optional<CallMetrics> metrics, int logCharactersMax) {
  public static final Witnesses NOBODY = new Witnesses(Optional.empty(), 0);

  Channel watch(Channel channel, Time time) {
    var all = new ArrayList<ClientInterceptor>();
    all.add(new LoggedCalls(logCharactersMax));
    metrics.ifPresent(each -> all.add(new MeasuredCalls(each, time)));
    return ClientInterceptors.interceptForward(channel, all);
  }
}
