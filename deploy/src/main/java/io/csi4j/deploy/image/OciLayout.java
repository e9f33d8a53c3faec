package io.csi4j.deploy.image;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes images that share their layers as a folder in the OCI image layout, which tools copy to a
 * registry as it is, and as a tar file of that folder, which containerd imports.
 */
final class OciLayout {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CONFIG = "application/vnd.oci.image.config.v1+json";
  private static final String LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final String INDEX = "application/vnd.oci.image.index.v1+json";

  private final Path folder;
  private final String architecture;
  private final Instant created;
  private final List<ImageWritten> written = new ArrayList<>();

  /**
   * An image to be.
   *
   * @param reference by which pods ask for it
   * @param user user and group of its processes
   */
  record Image(String reference, String user, String version) {}

  record ImageWritten(Image image, Digest manifest, long manifestBytes) {}

  OciLayout(Path folder, String architecture, Instant created) {
    this.folder = folder;
    this.architecture = architecture;
    this.created = created;
  }

  ImageWritten add(Image image, List<Layer> layers) throws IOException {
    for (var layer : layers) {
      blob(layer.blob(), layer.file());
    }
    var config = store(config(image, layers));
    var manifest = JSON.createObjectNode();
    manifest.put("schemaVersion", 2).put("mediaType", MANIFEST);
    descriptor(manifest.putObject("config"), CONFIG, Digest.of(config), config.length);
    var list = manifest.putArray("layers");
    layers.forEach(layer -> descriptor(list.addObject(), LAYER, layer.blob(), layer.blobBytes()));
    var bytes = store(manifest);
    var result = new ImageWritten(image, Digest.of(bytes), bytes.length);
    written.add(result);
    return result;
  }

  /** Ends the folder, and packs it. */
  void finish(Path tar) throws IOException {
    var index = JSON.createObjectNode();
    index.put("schemaVersion", 2).put("mediaType", INDEX);
    var manifests = index.putArray("manifests");
    for (var each : written) {
      var entry = manifests.addObject();
      descriptor(entry, MANIFEST, each.manifest(), each.manifestBytes());
      entry.putObject("platform").put("architecture", architecture).put("os", "linux");
      var reference = each.image().reference();
      // containerd takes the whole reference, other tools the tag.
      entry
          .putObject("annotations")
          .put("io.containerd.image.name", reference)
          .put(
              "org.opencontainers.image.ref.name",
              reference.substring(reference.lastIndexOf(':') + 1));
    }
    Files.write(folder.resolve("index.json"), JSON.writeValueAsBytes(index));
    Files.writeString(folder.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    try (var out = new BufferedOutputStream(Files.newOutputStream(tar))) {
      TarStream.write(
          new Tree()
              .copyAll("blobs", folder.resolve("blobs"))
              .copy("index.json", folder.resolve("index.json"), Tree.DATA)
              .copy("oci-layout", folder.resolve("oci-layout"), Tree.DATA),
          created.getEpochSecond(),
          out);
    }
  }

  private ObjectNode config(Image image, List<Layer> layers) {
    var root = JSON.createObjectNode();
    root.put("created", created.toString()).put("architecture", architecture).put("os", "linux");
    var config = root.putObject("config");
    config.put("User", image.user()).put("WorkingDir", "/");
    config
        .putArray("Env")
        .add("PATH=/usr/sbin:/usr/bin:/opt/java/bin")
        .add("LANG=C.UTF-8")
        // One arena per thread would cost more than all that the program holds.
        .add("MALLOC_ARENA_MAX=2");
    config.putArray("Entrypoint").add("/usr/bin/csi4j");
    config
        .putObject("Labels")
        .put("org.opencontainers.image.title", "csi4j")
        .put("org.opencontainers.image.licenses", "Apache-2.0")
        .put("org.opencontainers.image.version", image.version());
    var rootfs = root.putObject("rootfs").put("type", "layers");
    ArrayNode ids = rootfs.putArray("diff_ids");
    var history = root.putArray("history");
    for (var layer : layers) {
      ids.add(layer.diffId().toString());
      history.addObject().put("created", created.toString()).put("created_by", layer.name());
    }
    return root;
  }

  private static void descriptor(ObjectNode node, String type, Digest digest, long sizeBytes) {
    node.put("mediaType", type).put("digest", digest.toString()).put("size", sizeBytes);
  }

  private byte[] store(ObjectNode json) throws IOException {
    var bytes = JSON.writeValueAsBytes(json);
    Files.write(place(Digest.of(bytes)), bytes);
    return bytes;
  }

  private void blob(Digest digest, Path file) throws IOException {
    var place = place(digest);
    if (!Files.exists(place)) {
      Files.copy(file, place);
    }
  }

  private Path place(Digest digest) throws IOException {
    return Files.createDirectories(folder.resolve("blobs/sha256")).resolve(digest.hex());
  }
}
