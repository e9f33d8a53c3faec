package io.csi4j.deploy.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an image's digest rests on. */
class LayerTest {
  private static final long MODIFIED_S = 1_767_225_600;

  @TempDir Path folder;

  @Test
  void given_files_touched_meanwhile_when_packed_again_then_the_bytes_are_the_same()
      throws Exception {
    var file = Files.writeString(folder.resolve("jar"), "content");
    var first = pack(tree(file), "first");
    Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));

    var second = pack(new Tree().link("z", "b/jar").copy("b/jar", file, Tree.DATA), "second");

    assertThat(second.blob()).isEqualTo(first.blob());
    assertThat(second.diffId()).isEqualTo(first.diffId());
  }

  @Test
  void given_another_content_then_another_digest() throws Exception {
    var first = pack(tree(Files.writeString(folder.resolve("jar"), "content")), "first");

    var second = pack(tree(Files.writeString(folder.resolve("jar"), "contenT")), "second");

    assertThat(second.blob()).isNotEqualTo(first.blob());
  }

  /** Another program's reading of what we wrote. */
  @Test
  void given_a_layer_when_tar_reads_it_then_it_finds_modes_owners_links_and_long_names()
      throws Exception {
    var longName = "opt/%s/%s".formatted("f".repeat(90), "n".repeat(80));
    var tree =
        tree(Files.writeString(folder.resolve("jar"), "content"))
            .folder("tmp", 01777)
            .text(longName, "text");
    var layer = pack(tree, "layer");

    var listed =
        new Programs(folder)
            .run(List.of("tar", "--utc", "--numeric-owner", "-tvzf", layer.file().toString()));

    assertThat(listed)
        .contains("-rw-r--r-- 0/0               7 2026-01-01 00:00 b/jar\n")
        .contains("lrwxrwxrwx 0/0               0 2026-01-01 00:00 z -> b/jar\n")
        .contains("drwxrwxrwt 0/0               0 2026-01-01 00:00 tmp/\n")
        .contains(longName + "\n");
  }

  @Test
  void given_a_path_that_leaves_the_image_then_it_is_refused() {
    var tree = new Tree();

    assertThatThrownBy(() -> tree.text("../etc/passwd", ""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void given_a_name_that_no_header_holds_then_packing_fails() {
    var tree = new Tree().text("n".repeat(101), "");

    assertThatThrownBy(() -> TarStream.write(tree, 0, new ByteArrayOutputStream()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("too long a path");
  }

  private static Tree tree(Path file) {
    return new Tree().copy("b/jar", file, Tree.DATA).link("z", "b/jar");
  }

  private Layer pack(Tree tree, String name) throws IOException {
    return Layer.pack(name, tree, MODIFIED_S, folder.resolve(name + ".tar.gz"));
  }
}
