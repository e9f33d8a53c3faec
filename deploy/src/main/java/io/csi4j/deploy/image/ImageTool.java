package io.csi4j.deploy.image;

import io.csi4j.deploy.image.OciLayout.Image;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes the image. {@code deploy/image} finds the JDK and runs it; its arguments are checked there.
 *
 * <p>Two references to the same layers, which differ in the user alone: without a suffix for
 * controllers, and {@code -root} for what mounts, and for pods whose sockets belong to root.
 */
public final class ImageTool {
  private static final String NOBODY_SPECIAL = "65532:65532";
  private static final String ROOT = "0:0";
  private static final double MIB = 1 << 20;

  private final Path checkout;
  private final Path out;
  private final Path cache;
  private final Instant modified;
  private final PrintStream say;

  private ImageTool(Path checkout, Path out, Path cache, Instant modified, PrintStream say) {
    this.checkout = checkout;
    this.out = out;
    this.cache = cache;
    this.modified = modified;
    this.say = say;
  }

  /** {@code build CHECKOUT OUT CACHE TIME REPOSITORY} or {@code pin CHECKOUT CACHE}. */
  public static void main(String[] args) throws InterruptedException {
    try {
      if (args[0].equals("pin")) {
        pin(Path.of(args[1]), Path.of(args[2]));
        return;
      }
      var tool =
          new ImageTool(
              Path.of(args[1]),
              Path.of(args[2]),
              Path.of(args[3]),
              Instant.parse(args[4]),
              System.out);
      tool.build(args[5]);
    } catch (IOException e) {
      System.err.println("image: " + e.getMessage());
      if (e.getCause() != null) {
        System.err.println("image: " + e.getCause().getMessage());
      }
      System.exit(1);
    }
  }

  private static Path list(Path checkout) {
    return checkout.resolve("deploy/debian-packages.txt");
  }

  private static void pin(Path checkout, Path cache) throws IOException, InterruptedException {
    Files.createDirectories(cache);
    var lines = new ArrayList<String>();
    for (var line : Files.readAllLines(list(checkout))) {
      lines.add(
          line.startsWith("#") || line.isBlank()
              ? line
              : DebianPackage.newest(line.split(" ", -1)[0], cache).line());
    }
    Files.write(list(checkout), lines);
  }

  private void build(String repository) throws IOException, InterruptedException {
    var built = checkout.resolve("app/target/csi4j");
    var architecture = Debian.architecture(out);
    var pinned = DebianPackage.pinned(list(checkout));
    var packages = unpack(pinned);
    var stage = Files.createDirectories(out.resolve("stage"));
    var runtime = stage.resolve("java");
    JavaRuntime.link(stage, runtime);
    var program =
        ProgramTree.stage(
            new ProgramTree.Sources(
                built.resolve("lib"),
                checkout.resolve("app/jvm.options"),
                checkout.resolve("deploy/src/main/launcher/csi4j.c")),
            architecture,
            modified,
            out.resolve("stage/csi4j"));
    var thirdParty = built.resolve("THIRD-PARTY.txt");
    var bom =
        new BillOfMaterials(program.version(), modified, architecture)
            .text(program.jars(), thirdParty, pinned);
    Files.writeString(out.resolve("sbom.cdx.json"), bom);
    var binaries = new ArrayList<>(JavaRuntime.binaries(runtime));
    binaries.addAll(program.binaries());
    var layers =
        List.of(
            pack("system", SystemTree.of(packages, binaries, Debian.osRelease())),
            pack("java", new Tree().copyAll("opt/java", runtime)),
            pack("csi4j", program.tree(thirdParty, bom)),
            pack(
                "aot",
                new Tree()
                    .copy(
                        ProgramTree.HOME + "/csi4j.aot",
                        program.train(runtime, out.resolve("stage/csi4j.aot"), "all"),
                        Tree.DATA)
                    .copy(
                        ProgramTree.HOME + "/csi4j-node.aot",
                        program.train(runtime, out.resolve("stage/csi4j-node.aot"), "node"),
                        Tree.DATA)));
    write(layers, architecture, repository + ":" + program.version());
  }

  private void write(List<Layer> layers, String architecture, String reference) throws IOException {
    var version = reference.substring(reference.lastIndexOf(':') + 1);
    var layout = new OciLayout(out.resolve("oci"), architecture, modified);
    var images =
        List.of(
            layout.add(new Image(reference, NOBODY_SPECIAL, version), layers),
            layout.add(new Image(reference + "-root", ROOT, version), layers));
    var tar = out.resolve("csi4j.tar");
    layout.finish(tar);
    for (var layer : layers) {
      say.printf(
          "%-8s %6.1f MiB, compressed %5.1f MiB  %s%n",
          layer.name(), layer.tarBytes() / MIB, layer.blobBytes() / MIB, layer.blob());
    }
    say.printf(
        "%-8s %6.1f MiB, compressed %5.1f MiB%n",
        "together",
        layers.stream().mapToLong(Layer::tarBytes).sum() / MIB,
        layers.stream().mapToLong(Layer::blobBytes).sum() / MIB);
    for (var image : images) {
      say.printf("%s  %s%n", image.image().reference(), image.manifest());
    }
    say.println(tar);
  }

  private Map<String, Path> unpack(List<DebianPackage> pinned)
      throws IOException, InterruptedException {
    var packages = new LinkedHashMap<String, Path>();
    for (var each : pinned) {
      packages.put(each.name(), each.unpacked(cache));
    }
    return packages;
  }

  private Layer pack(String name, Tree tree) throws IOException {
    return Layer.pack(
        name, tree, modified.getEpochSecond(), out.resolve("stage").resolve(name + ".tar.gz"));
  }
}
