package io.csi4j.deploy.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A package of the distribution, as the list beside the image's script pins it. The list is written
 * by {@code deploy/image --pin}, never by hand.
 */
record DebianPackage(String name, String version, Digest digest) {

  static List<DebianPackage> pinned(Path list) throws IOException {
    var packages = new ArrayList<DebianPackage>();
    for (var line : Files.readAllLines(list)) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      var words = line.trim().split(" +", -1);
      if (words.length != 3 || !words[2].matches("[0-9a-f]{64}")) {
        throw new IOException("%s: a line is `name version sha256`, not: %s".formatted(list, line));
      }
      packages.add(new DebianPackage(words[0], words[1], new Digest(words[2])));
    }
    return packages;
  }

  /** Downloads it unless it is in the folder, and unpacks it; returns where. */
  Path unpacked(Path cache) throws IOException, InterruptedException {
    Files.createDirectories(cache);
    var archive = archive(cache);
    if (!Files.exists(archive)) {
      try {
        new Programs(cache).run(List.of("apt-get", "download", name + "=" + version));
      } catch (IOException e) {
        throw new IOException(
            "could not get %s %s: run apt-get update; where Debian has a newer one since, run deploy/image --pin"
                .formatted(name, version),
            e);
      }
    }
    var got = Digest.of(archive);
    if (!got.equals(digest)) {
      throw new IOException("%s has %s, pinned is %s".formatted(archive, got, digest));
    }
    var folder = cache.resolve(name + "_" + digest.hex().substring(0, 12));
    if (!Files.exists(folder.resolve("complete"))) {
      Files.createDirectories(folder);
      new Programs(cache)
          .run(List.of("dpkg-deb", "-x", archive.toString(), folder.resolve("root").toString()));
      Files.writeString(folder.resolve("complete"), "");
    }
    return folder.resolve("root");
  }

  /** The newest that the distribution has, as a line of the list. */
  static DebianPackage newest(String name, Path cache) throws IOException, InterruptedException {
    // 'FILE-URI' FILE SIZE SHA256:DIGEST, or nothing but the digest's line where apt has it
    // already.
    var said =
        new Programs(cache).run(List.of("apt-get", "download", "--print-uris", name)).strip();
    var words = said.split(" ", -1);
    var file = words[1];
    var version = file.substring(name.length() + 1, file.lastIndexOf('_')).replace("%3a", ":");
    return new DebianPackage(
        name, version, new Digest(words[3].replaceFirst("^SHA256:", "").strip()));
  }

  String line() {
    return "%s %s %s".formatted(name, version, digest.hex());
  }

  private Path archive(Path cache) throws IOException, InterruptedException {
    return cache.resolve(
        "%s_%s_%s.deb".formatted(name, version.replace(":", "%3a"), Debian.architecture(cache)));
  }
}
