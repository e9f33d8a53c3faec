package io.csi4j.deploy.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BillOfMaterialsTest {
  private static final BillOfMaterials BOM = new BillOfMaterials("1.2.3", Instant.EPOCH, "amd64");

  @TempDir Path folder;
  private Path thirdParty;

  @BeforeEach
  void lists() throws IOException {
    thirdParty =
        Files.writeString(
            folder.resolve("THIRD-PARTY.txt"),
            """

            Lists of 2 third-party dependencies.
                 (Apache-2.0) (MIT) Two (of it) (org.two:two-it:2.0 - https://example.org/two)
                 (Apache-2.0) Epoll (io.netty:epoll:4.2 - https://example.org)
            """);
  }

  @Test
  void given_jars_and_packages_then_each_is_named_with_version_licences_and_digest()
      throws Exception {
    var jar = Files.writeString(folder.resolve("two-it-2.0.jar"), "two");
    var classified = Files.writeString(folder.resolve("epoll-4.2-linux-x86_64.jar"), "epoll");
    var libc = new DebianPackage("libc6", "2.36-9+deb12u14", new Digest("ab"));

    var text = BOM.text(List.of(jar, classified), thirdParty, List.of(libc));

    var components = new ObjectMapper().readTree(text).path("components");
    assertThat(components).hasSize(4);
    assertThat(components.get(1).path("purl").asText()).isEqualTo("pkg:maven/org.two/two-it@2.0");
    assertThat(components.get(1).at("/licenses/1/license/id").asText()).isEqualTo("MIT");
    assertThat(components.get(1).at("/hashes/0/content").asText()).isEqualTo(Digest.of(jar).hex());
    assertThat(components.get(2).path("purl").asText()).isEqualTo("pkg:maven/io.netty/epoll@4.2");
    assertThat(components.get(3).path("purl").asText())
        .isEqualTo("pkg:deb/debian/libc6@2.36-9%2Bdeb12u14?arch=amd64");
  }

  @Test
  void given_a_jar_that_no_licence_is_known_of_then_there_is_no_image() throws Exception {
    var jar = Files.writeString(folder.resolve("three-1.0.jar"), "three");

    assertThatThrownBy(() -> BOM.text(List.of(jar), thirdParty, List.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("three-1.0.jar is in no line");
  }

  @Test
  void given_a_list_of_packages_with_an_unpinned_one_then_it_is_refused() throws Exception {
    var list = Files.writeString(folder.resolve("packages"), "# comment\nlibc6 2.36\n");

    assertThatThrownBy(() -> DebianPackage.pinned(list))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not: libc6 2.36");
  }
}
