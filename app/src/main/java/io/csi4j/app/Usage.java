package io.csi4j.app;

import java.util.List;

/** What {@code --help} says. */
final class Usage {
  private Usage() {}

  static String of(List<Subcommand> subcommands) {
    var text = new StringBuilder();
    text.append(
        "csi4j: a CSI stack for Kubernetes in one program\n\nUsage: csi4j SUBCOMMAND [--flag=value ...]\n\n");
    for (var subcommand : subcommands) {
      text.append("  %-14s %s%n".formatted(subcommand.name(), subcommand.summary()));
    }
    text.append("\ncsi4j SUBCOMMAND --help lists its flags. csi4j --version prints the version.\n");
    return text.toString();
  }

  static String of(Subcommand subcommand, String flags) {
    return "csi4j %s: %s%n%nExample:%n  %s%n%nFlags:%n%s"
        .formatted(subcommand.name(), subcommand.summary(), subcommand.example(), flags);
  }
}
