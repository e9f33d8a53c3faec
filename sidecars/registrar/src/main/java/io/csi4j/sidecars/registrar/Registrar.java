package io.csi4j.sidecars.registrar;

import io.csi4j.sidecars.kit.component.Component;
import io.csi4j.sidecars.kit.csi.DriverConnection;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.options.Flags;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the driver for its name, and serves kubelet's registration calls until it is told to end or
 * kubelet refuses the driver; then a restart makes a new socket, which is what makes kubelet try
 * again.
 */
public final class Registrar implements Component {
  private static final Logger log = LoggerFactory.getLogger(Registrar.class);
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(30);

  private final RegistrarOptions options;
  private final Time time;
  private final CountDownLatch ended = new CountDownLatch(1);

  /** Written by kubelet's call before {@code ended}. */
  private volatile @Nullable String refusal;

  private Registrar(RegistrarOptions options, Time time) {
    this.options = options;
    this.time = time;
  }

  public static Component of(Flags flags, Time time) {
    return new Registrar(RegistrarOptions.from(flags), time);
  }

  @Override
  public void run() throws InterruptedException {
    var service = new RegistrationService(driverName(), options.announcedEndpoint(), this::refused);
    try (var socket = RegistrationSocket.open(options.registry(), service.driver(), service)) {
      log.atInfo()
          .addKeyValue("driver", service.driver())
          .addKeyValue("socket", socket.path())
          .log("waiting for kubelet");
      ended.await();
    }
    var reason = refusal;
    if (reason != null) {
      throw new Fatal("kubelet refused the registration: " + reason);
    }
  }

  @Override
  public void close() {
    ended.countDown();
  }

  private String driverName() {
    try (var connection = new DriverConnection(options.csiAddress(), time)) {
      connection.awaitConnected(CONNECT_LIMIT);
      return connection.name(options.timeout());
    }
  }

  private void refused(String reason) {
    refusal = reason;
    ended.countDown();
  }
}
