package io.csi4j.deploy.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Read from files that every machine that runs this has. */
class ElfFileTest {
  @TempDir Path folder;

  @Test
  void given_a_program_then_its_loader_and_its_libraries_are_found() throws Exception {
    var java = ElfFile.read(JavaRuntime.home().resolve("bin/java")).orElseThrow();

    assertThat(java.interpreter()).startsWith("/lib").contains("/ld-linux");
    assertThat(java.needed()).contains("libjli.so", "libc.so.6");
  }

  @Test
  void given_a_library_then_it_names_no_loader() throws Exception {
    var jvm = ElfFile.read(JavaRuntime.home().resolve("lib/server/libjvm.so")).orElseThrow();

    assertThat(jvm.interpreter()).isEmpty();
    assertThat(jvm.needed()).contains("libc.so.6", "libm.so.6");
  }

  @Test
  void given_any_other_file_then_it_is_none() throws Exception {
    var text = Files.writeString(folder.resolve("text"), "#!/bin/sh\n".repeat(20));

    assertThat(ElfFile.read(text)).isEmpty();
  }
}
