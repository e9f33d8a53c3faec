package io.csi4j.deploy.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Stages the program as it will be inside the image, so that the AOT cache is made for exactly
 * these files: it knows each jar's size and time.
 */
record ProgramTree(Path staged) {
  static final String HOME = "opt/csi4j";
  private static final List<Integer> TRAININGS_S = List.of(3, 15);
  private static final int LAST_TRAINING_S = 60;

  /** What is built, and where. */
  record Sources(Path jars, Path options, Path launcher) {}

  static ProgramTree stage(Sources sources, String architecture, Instant modified, Path staged)
      throws IOException, InterruptedException {
    var program = new ProgramTree(staged);
    Files.createDirectories(staged.resolve("lib"));
    Files.createDirectories(staged.resolve("native"));
    try (var jars = Files.list(sources.jars())) {
      for (var jar : jars.filter(each -> each.toString().endsWith(".jar")).toList()) {
        var copy = Files.copy(jar, staged.resolve("lib").resolve(jar.getFileName()));
        Files.setLastModifiedTime(copy, FileTime.from(modified));
      }
    }
    program.nativeTransport(architecture);
    Files.writeString(
        staged.resolve("jvm.options"),
        Files.readString(sources.options())
            + "# netty's native transport lies here: the root file system may be read-only.\n"
            + "-Djava.library.path=/%s/native\n".formatted(HOME));
    new Programs(staged)
        .run(
            List.of(
                "gcc",
                "-O2",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-Wl,--build-id=none",
                "-s",
                "-o",
                program.launcher().toString(),
                sources.launcher().toString()));
    return program;
  }

  /** Out of its jar: inside, netty would unpack it into /tmp at each start. */
  private void nativeTransport(String architecture) throws IOException {
    var name =
        "libnetty_transport_native_epoll_%s.so"
            .formatted(architecture.equals("arm64") ? "aarch_64" : "x86_64");
    for (var jar : jars()) {
      try (var file = new JarFile(jar.toFile())) {
        var entry = file.getEntry("META-INF/native/" + name);
        if (entry != null) {
          Files.copy(file.getInputStream(entry), staged.resolve("native").resolve(name));
          return;
        }
      }
    }
    throw new IOException("no jar has " + name);
  }

  List<Path> jars() throws IOException {
    try (var jars = Files.list(staged.resolve("lib"))) {
      return jars.sorted().toList();
    }
  }

  List<Path> binaries() throws IOException {
    try (var libraries = Files.list(staged.resolve("native"))) {
      return Stream.concat(libraries, Stream.of(launcher())).toList();
    }
  }

  String version() throws IOException {
    try (var jar = new JarFile(mainJar().toFile())) {
      return jar.getManifest().getMainAttributes().getValue("Implementation-Version");
    }
  }

  /**
   * Runs all parts once in the linked runtime, which writes down what it loaded and linked. The
   * parts have deadlines of their own, which a building machine with too much to do may miss.
   */
  Path train(Path runtime, Path cache, String parts) throws IOException, InterruptedException {
    for (var lastingS : TRAININGS_S) {
      try {
        train(runtime, cache, parts, lastingS);
        return cache;
      } catch (IOException e) {
        System.err.println("image: a training of %d s failed".formatted(lastingS));
      }
    }
    train(runtime, cache, parts, LAST_TRAINING_S);
    return cache;
  }

  private void train(Path runtime, Path cache, String parts, int lastingS)
      throws IOException, InterruptedException {
    new Programs(staged)
        .run(
            List.of(
                runtime.resolve("bin/java").toString(),
                "@" + staged.resolve("jvm.options"),
                "-Xmx96m",
                "-XX:AOTCacheOutput=" + cache,
                "-Xlog:aot=error",
                "-Xlog:cds=error",
                "-jar",
                mainJar().toString(),
                "train",
                "--parts=" + parts,
                "--for=%ds".formatted(lastingS)));
  }

  Tree tree(Path thirdParty, String bom) throws IOException {
    var tree = new Tree();
    for (var jar : jars()) {
      tree.copy(HOME + "/lib/" + jar.getFileName(), jar, Tree.DATA);
    }
    return tree.copyAll(HOME + "/native", staged.resolve("native"))
        .copy(HOME + "/jvm.options", staged.resolve("jvm.options"), Tree.DATA)
        .copy("usr/bin/csi4j", launcher(), Tree.PROGRAM)
        .copy("usr/share/doc/csi4j/THIRD-PARTY.txt", thirdParty, Tree.DATA)
        .text("usr/share/doc/csi4j/sbom.cdx.json", bom);
  }

  private Path launcher() {
    return staged.resolve("csi4j");
  }

  private Path mainJar() {
    return staged.resolve("lib/csi4j.jar");
  }
}
