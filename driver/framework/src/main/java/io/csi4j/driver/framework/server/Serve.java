package io.csi4j.driver.framework.server;

import io.csi4j.driver.framework.syscall.SystemClocks;
import io.csi4j.driver.spi.Driver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a {@link Driver} that was compiled against the SPI alone: {@code java -cp ...
 * io.csi4j.driver.framework.server.Serve com.example.MyDriver unix:///run/csi/csi.sock}.
 */
public final class Serve {
  private static final Logger log = LoggerFactory.getLogger(Serve.class);

  private Serve() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 2) {
      throw new IllegalArgumentException(
          "wants the driver's class and its socket, such as: com.example.MyDriver unix:///run/csi/csi.sock");
    }
    var endpoint = Endpoint.parse(arguments[1]);
    var plugin = driver(arguments[0]).plugin();
    try (var server = CsiServer.start(endpoint, plugin, SystemClocks.nanos())) {
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "csi4j-shutdown"));
      server.awaitTermination();
    }
    log.atInfo().addKeyValue("driver", plugin.info().name()).log("ended");
  }

  /** By name: the framework cannot know the class when it is compiled. */
  static Driver driver(String className) throws ReflectiveOperationException {
    var made = Class.forName(className).getConstructor().newInstance();
    if (made instanceof Driver driver) {
      return driver;
    }
    throw new IllegalArgumentException(
        "%s is no %s".formatted(className, Driver.class.getName()));
  }
}
