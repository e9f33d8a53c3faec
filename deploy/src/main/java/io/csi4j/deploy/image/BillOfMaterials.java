package io.csi4j.deploy.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the image is made of, in CycloneDX 1.6. Made from the files that are shipped: a jar that the
 * build's list of licences does not know stops the build of the image.
 */
record BillOfMaterials(String version, Instant created, String architecture) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** {@code (licence) (licence) Name (group:artifact:version - address)}. */
  private static final Pattern LISTED =
      Pattern.compile("\\s*((?:\\([^)]*\\)\\s*)+).*\\(([^:()\\s]+):([^:]+):([^\\s]+) - .*\\)\\s*");

  private record Listed(String group, String artifact, String version, List<String> licences) {}

  String text(List<Path> jars, Path thirdParty, List<DebianPackage> packages) throws IOException {
    var root = JSON.createObjectNode();
    root.put("bomFormat", "CycloneDX").put("specVersion", "1.6").put("version", 1);
    var metadata = root.putObject("metadata").put("timestamp", created.toString());
    component(metadata.putObject("component"), "application", "csi4j", version)
        .put("purl", "pkg:maven/io.csi4j/csi4j-app@" + version);
    var components = root.putArray("components");
    component(components.addObject(), "platform", "java-runtime", JavaRuntime.version())
        .put("publisher", JavaRuntime.vendor())
        .put("description", "linked from " + String.join(", ", JavaRuntime.MODULES));
    var listed = listed(thirdParty);
    for (var jar : jars) {
      jar(components, jar, listed);
    }
    for (var each : packages) {
      var node = component(components.addObject(), "library", each.name(), each.version());
      node.put(
          "purl",
          "pkg:deb/debian/%s@%s?arch=%s"
              .formatted(each.name(), each.version().replace("+", "%2B"), architecture));
      hash(node, each.digest());
    }
    return text(root);
  }

  private void jar(ArrayNode components, Path jar, Map<String, Listed> listed) throws IOException {
    var name = jar.getFileName().toString().replaceFirst("\\.jar$", "");
    if (name.startsWith("csi4j")) {
      hash(component(components.addObject(), "library", name, version), Digest.of(jar));
      return;
    }
    // A classifier is behind the version.
    var found = listed.get(name.replaceFirst("-linux-(x86_64|aarch_64)$", ""));
    if (found == null) {
      throw new IOException("%s is in no line of the list of licences".formatted(jar));
    }
    var node =
        component(components.addObject(), "library", found.artifact(), found.version())
            .put("group", found.group())
            .put(
                "purl",
                "pkg:maven/%s/%s@%s".formatted(found.group(), found.artifact(), found.version()));
    var licences = node.putArray("licenses");
    found
        .licences()
        .forEach(licence -> licences.addObject().putObject("license").put("id", licence));
    hash(node, Digest.of(jar));
  }

  private static Map<String, Listed> listed(Path thirdParty) throws IOException {
    var listed = new HashMap<String, Listed>();
    for (var line : Files.readAllLines(thirdParty)) {
      var match = LISTED.matcher(line);
      if (match.matches()) {
        var licences = new ArrayList<String>();
        for (var each : match.group(1).split("[()]", -1)) {
          if (!each.isBlank()) {
            licences.add(each.strip());
          }
        }
        listed.put(
            match.group(3) + "-" + match.group(4),
            new Listed(match.group(2), match.group(3), match.group(4), licences));
      }
    }
    return listed;
  }

  private static ObjectNode component(ObjectNode node, String type, String name, String version) {
    return node.put("type", type).put("name", name).put("version", version);
  }

  private static void hash(ObjectNode node, Digest digest) {
    node.putArray("hashes").addObject().put("alg", "SHA-256").put("content", digest.hex());
  }

  private static String text(ObjectNode root) throws JsonProcessingException {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
  }
}
