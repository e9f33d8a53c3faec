package io.csi4j.sidecars.kit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** B18 40. */
class PodTest {
  @TempDir private Path folder;

  @Test
  void given_the_environment_then_it_wins_over_the_file() throws IOException {
    var file = Files.writeString(folder.resolve("namespace"), "from-file\n");

    assertThat(Pod.namespace(_ -> "from-env", file)).isEqualTo("from-env");
    assertThat(Pod.namespace(_ -> "", file)).isEqualTo("from-file");
    assertThat(Pod.namespace(_ -> null, file)).isEqualTo("from-file");
  }

  @Test
  void given_neither_then_it_is_default() throws IOException {
    var empty = Files.writeString(folder.resolve("namespace"), " \n");

    assertThat(Pod.namespace(_ -> null, empty)).isEqualTo("default");
    assertThat(Pod.namespace(_ -> null, folder.resolve("none"))).isEqualTo("default");
  }
}
