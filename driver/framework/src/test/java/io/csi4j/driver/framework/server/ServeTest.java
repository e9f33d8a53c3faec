package io.csi4j.driver.framework.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.csi4j.driver.spi.Driver;
import io.csi4j.driver.spi.Plugin;
import io.csi4j.driver.spi.PluginInfo;
import io.csi4j.driver.spi.Readiness;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ServeTest {

  @Test
  void given_a_class_that_is_a_driver_then_it_is_made_by_its_name() throws Exception {
    var driver = Serve.driver(Smallest.class.getName());

    assertThat(driver.plugin().info().name()).isEqualTo("smallest.example.io");
  }

  @Test
  void given_a_class_that_is_none_then_the_message_names_it_and_what_it_should_be() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Serve.driver("java.lang.Object"))
        .withMessage("java.lang.Object is no io.csi4j.driver.spi.Driver");
  }

  @Test
  void given_no_socket_then_it_says_what_it_wants() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Serve.main(new String[] {"com.example.MyDriver"}))
        .withMessageContaining("unix:///run/csi/csi.sock");
  }

  /** Neither a controller nor a node: identity alone is a plugin too. */
  public static final class Smallest implements Driver {
    @Override
    public Plugin plugin() {
      var info = new PluginInfo("smallest.example.io", "1.0", new TreeMap<>());
      return Plugin.named(info, Readiness.State.Ready::new);
    }
  }
}
