package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.options.Flags.Presence;
import io.csi4j.sidecars.kit.options.LabelSyntax;
import java.util.List;
import java.util.stream.Stream;

/** What a volume gets that neither claim nor class asked for. */
record ShapingOptions(
    String defaultFsType,
    boolean extraMetadata,
    boolean readOnly,
    SourceCheck.Limits limits,
    Labels labels) {

  /**
   * Labels of claims that are of use to others; only those that are named, because their values are
   * the users'.
   *
   * @param told to the driver, as parameters
   * @param copied to the volume's object
   * @param namespace what is told of the claim's namespace besides
   */
  record Labels(List<String> told, List<String> copied, NamespaceKeys namespace) {
    static final Labels NONE = new Labels(List.of(), List.of(), NamespaceKeys.NONE);
  }

  static ShapingOptions from(Flags flags) {
    return new ShapingOptions(
        flags.text("default-fstype", "", "file system where the class does not name one"),
        flags.truth(
            "extra-create-metadata", Presence.OFF, "tell the driver the names of claim and volume"),
        flags.truth(
            "controller-publish-readonly",
            Presence.OFF,
            "volumes of read-only claims are attached read-only"),
        new SourceCheck.Limits(
            flags.truth(
                "prevent-volume-mode-conversion",
                Presence.ON,
                "restored volumes have the mode of the snapshot's source, unless the snapshot's content"
                    + " allows another"),
            flags.truth(
                "round-up-restores",
                Presence.OFF,
                "claims smaller than their snapshot get a volume of the snapshot's size instead of"
                    + " an error")),
        new Labels(
            keys(
                flags,
                "extra-create-metadata-labels",
                "keys of claims' labels that the driver is told, by commas; off if empty"),
            keys(
                flags,
                "copy-claim-labels",
                "keys of claims' labels that volumes get, by commas; off if empty"),
            namespaceKeys(flags)));
  }

  private static NamespaceKeys namespaceKeys(Flags flags) {
    return new NamespaceKeys(
        keys(
            flags,
            "extra-create-metadata-namespace-labels",
            "keys of labels of claims' namespaces that the driver is told, by commas; needs get on"
                + " namespaces; off if empty"),
        keys(
            flags,
            "extra-create-metadata-namespace-annotations",
            "the same for their annotations"));
  }

  private static List<String> keys(Flags flags, String name, String help) {
    var text = flags.text(name, "", help);
    var keys =
        Stream.of(text.split(",", -1)).map(String::strip).filter(key -> !key.isEmpty()).toList();
    flags.require(
        keys.stream().allMatch(LabelSyntax::isKey),
        name,
        "keys of labels or annotations, by commas, such as team,example.com/cost-center");
    return keys;
  }
}
