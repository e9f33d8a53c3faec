package io.csi4j.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.csi4j.proto.csi.v1.Csi;
import io.csi4j.proto.registration.v1.RegistrationOuterClass;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Holds every service, method, message, field and enum value of ours against the public Go
 * bindings. The tables among the resources were printed by the Go program beside them; where Go is
 * at hand, it is asked again.
 */
class ProtocolFactsTest {

  /** csi-wire.md 14: what 1.13 took out and we keep, so that peers up to 1.12 are understood. */
  private static final Set<String> KEPT =
      Set.of(
          "field csi.v1.ControllerGetVolumeResponse.VolumeStatus 2 volume_condition csi.v1.VolumeCondition single - open",
          "field csi.v1.ListVolumesResponse.VolumeStatus 2 volume_condition csi.v1.VolumeCondition single - open",
          "field csi.v1.NodeGetVolumeStatsResponse 2 volume_condition csi.v1.VolumeCondition single - open",
          "field csi.v1.VolumeCondition 1 abnormal bool single - open",
          "field csi.v1.VolumeCondition 2 message string single - open",
          "message csi.v1.VolumeCondition",
          "value csi.v1.ControllerServiceCapability.RPC.Type VOLUME_CONDITION 11",
          "value csi.v1.NodeServiceCapability.RPC.Type VOLUME_CONDITION 4");

  @Test
  void given_the_newest_specification_then_ours_is_the_same_and_what_it_took_out()
      throws IOException {
    var expected = new TreeSet<>(table("v1.13.0"));
    expected.addAll(KEPT);

    assertThat(ours()).containsExactlyElementsOf(expected);
    assertThat(ours()).hasSizeGreaterThan(430);
  }

  @Test
  void given_the_specification_before_then_ours_has_all_of_it() throws IOException {
    assertThat(ours()).containsAll(table("v1.12.0"));
    assertThat(table("v1.12.0")).containsAll(KEPT);
    assertThat(table("v1.13.0")).doesNotContainAnyElementsOf(KEPT);
  }

  /**
   * The tables are no more true than the program that printed them, so it is run where that is
   * possible.
   */
  @Test
  void given_go_is_here_then_its_bindings_still_say_what_the_table_says() throws Exception {
    var output = Files.createTempFile("csi4j-facts", ".txt");
    var errors = Files.createTempFile("csi4j-facts", ".err");
    try {
      var process =
          new ProcessBuilder("src/test/resources/facts/run", "v1.13.0")
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile())
              .start();
      var ended = process.waitFor(3, TimeUnit.MINUTES);
      if (!ended || process.exitValue() != 0) {
        process.destroyForcibly();
        System.out.println(
            "Go or its modules are not at hand, so the committed table stands alone: "
                + Files.readString(errors).strip());
        assertThat(table("v1.13.0")).isNotEmpty();
        return;
      }
      assertThat(Files.readAllLines(output)).containsExactlyElementsOf(table("v1.13.0"));
    } finally {
      Files.deleteIfExists(output);
      Files.deleteIfExists(errors);
    }
  }

  private static List<String> table(String version) throws IOException {
    return Files.readAllLines(
        Path.of("src/test/resources/facts/csi-%s.txt".formatted(version)), StandardCharsets.UTF_8);
  }

  private static Set<String> ours() {
    var facts = new TreeSet<String>();
    file(Csi.getDescriptor(), facts);
    file(RegistrationOuterClass.getDescriptor(), facts);
    return facts;
  }

  private static void file(FileDescriptor file, Set<String> facts) {
    file.getServices().forEach(each -> service(each, facts));
    file.getMessageTypes().forEach(each -> message(each, facts));
    file.getEnumTypes().forEach(each -> values(each, facts));
  }

  private static void service(ServiceDescriptor service, Set<String> facts) {
    for (var method : service.getMethods()) {
      facts.add(
          line(
              "method",
              service.getFullName(),
              method.getName(),
              method.getInputType().getFullName(),
              method.getOutputType().getFullName(),
              method.isServerStreaming() ? "server-stream" : "unary"));
    }
  }

  private static void message(Descriptor message, Set<String> facts) {
    if (message.getOptions().getMapEntry()) {
      return;
    }
    facts.add(line("message", message.getFullName()));
    for (var field : message.getFields()) {
      var oneof = field.getContainingOneof();
      facts.add(
          line(
              "field",
              message.getFullName(),
              field.getNumber(),
              nameOf(field),
              typeOf(field),
              field.isMapField() ? "map" : field.isRepeated() ? "repeated" : "single",
              oneof == null ? "-" : oneof.getName(),
              field.getOptions().getExtension(Csi.csiSecret) ? "secret" : "open"));
    }
    message.getNestedTypes().forEach(each -> message(each, facts));
    message.getEnumTypes().forEach(each -> values(each, facts));
  }

  private static void values(EnumDescriptor type, Set<String> facts) {
    for (var value : type.getValues()) {
      facts.add(line("value", type.getFullName(), value.getName(), value.getNumber()));
    }
  }

  /**
   * One field has another name in the file, for the Java generator's sake, and keeps its real one
   * for JSON.
   */
  private static String nameOf(FieldDescriptor field) {
    return field.getName().equals("parameters_mutable") ? field.getJsonName() : field.getName();
  }

  private static String typeOf(FieldDescriptor field) {
    if (field.isMapField()) {
      var entry = field.getMessageType();
      return "map<%s,%s>"
          .formatted(typeOf(entry.findFieldByNumber(1)), typeOf(entry.findFieldByNumber(2)));
    }
    return switch (field.getJavaType()) {
      case MESSAGE -> field.getMessageType().getFullName();
      case ENUM -> field.getEnumType().getFullName();
      default -> field.getType().name().toLowerCase(Locale.ROOT);
    };
  }

  private static String line(Object... parts) {
    return new ArrayList<>(List.of(parts))
        .stream().map(Object::toString).collect(Collectors.joining(" "));
  }
}
