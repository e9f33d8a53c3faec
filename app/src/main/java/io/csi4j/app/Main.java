package io.csi4j.app;

import io.csi4j.app.demo.Demo;
import io.csi4j.app.logging.Verbosity;
import io.csi4j.sidecars.attacher.Attacher;
import io.csi4j.sidecars.kit.component.Component;
import io.csi4j.sidecars.kit.csi.DriverFault;
import io.csi4j.sidecars.kit.options.BadFlags;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.options.HelpWanted;
import io.csi4j.sidecars.kit.time.SystemTime;
import io.csi4j.sidecars.livenessprobe.LivenessProbe;
import io.csi4j.sidecars.provisioner.Provisioner;
import io.csi4j.sidecars.registrar.Registrar;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Exit codes: 0 an orderly end, 1 failure, 2 bad usage. */
public final class Main {
  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int BAD_USAGE = 2;

  private static final List<Subcommand> SUBCOMMANDS =
      List.of(
          new Subcommand(
              "driver local",
              "a CSI driver whose volumes are image files on this node's disk",
              "csi4j driver local --endpoint=unix:///run/csi/csi.sock --nodeid=$(hostname)"
                  + " --statedir=/var/lib/csi4j",
              LocalDriverComponent::of),
          new Subcommand(
              "provisioner",
              "creates a volume for each claim of the driver's classes, and deletes it again",
              "csi4j provisioner --csi-address=/run/csi/csi.sock --kubeconfig=admin.kubeconfig",
              Provisioner::of),
          new Subcommand(
              "explain pvc",
              "says why a claim is pending, and what the provisioner would do next",
              "csi4j explain pvc NAMESPACE/NAME --kubeconfig=admin.kubeconfig [-o json]",
              "name",
              (flags, time) ->
                  Provisioner.claimExplainer(
                      flags, time, Attacher.appendix(time), System.out::print)),
          new Subcommand(
              "explain pv",
              "says what the provisioner would do with a volume next, and why not yet",
              "csi4j explain pv NAME --kubeconfig=admin.kubeconfig [-o json]",
              "name",
              (flags, time) ->
                  Provisioner.volumeExplainer(
                      flags, time, Attacher.appendix(time), System.out::print)),
          new Subcommand(
              "explain volumeattachment",
              "says who holds a volume, what the driver said last, and what comes next",
              "csi4j explain volumeattachment NAME --kubeconfig=admin.kubeconfig [-o json]",
              "name",
              (flags, time) -> Attacher.explainer(flags, time, System.out::print)),
          new Subcommand(
              "attacher",
              "attaches volumes to nodes and detaches them, as VolumeAttachments ask",
              "csi4j attacher --csi-address=/run/csi/csi.sock --kubeconfig=admin.kubeconfig",
              Attacher::of),
          new Subcommand(
              "controller",
              "all controllers in one process, with one cache and one lease",
              "csi4j controller --csi-address=/run/csi/csi.sock --leader-election",
              ControllerComponent::of),
          new Subcommand(
              "registrar",
              "tells kubelet where the driver's socket is",
              "csi4j registrar --csi-address=/run/csi/csi.sock"
                  + " --kubelet-registration-path=/var/lib/kubelet/plugins/D/csi.sock"
                  + " --plugin-registration-path=/var/lib/kubelet/plugins_registry",
              Registrar::of),
          new Subcommand(
              "livenessprobe",
              "answers over HTTP whether the driver is alive",
              "csi4j livenessprobe --csi-address=/run/csi/csi.sock --http-endpoint=:9808",
              LivenessProbe::of),
          new Subcommand(
              "node",
              "registrar and livenessprobe in one process, and the driver too if wanted",
              "csi4j node --driver=local --endpoint=unix:///csi/csi.sock --nodeid=$(hostname)"
                  + " --kubelet-registration-path=/var/lib/kubelet/plugins/D/csi.sock",
              NodeComponent::of),
          new Subcommand(
              "demo",
              "tells the story of a claim on this machine, without a cluster",
              """
              csi4j demo
              csi4j demo --keep                          # then use kubectl on it; Ctrl-C ends it
              csi4j demo --fail=NodePublishVolume        # how a failing step looks; exit code 1
              csi4j demo --kubeconfig=F --storage-class=csi4j-local   # on a real cluster

            A claim gets a volume, a pod a file in it, a clone has the file too, the volume grows,
            the provisioner is killed at the worst moment, all is deleted, and nothing is left. By
            default everything runs in this process: a Kubernetes API, a node, the driver, the
            sidecars. As root, where loop devices are, volumes are mounted; else they are folders.
            Exit code 1 names the step that failed. Files are in a folder of their own in
            java.io.tmpdir, which is removed at the end, and by the next run after a kill."""
                  .strip(),
              Demo::of));

  /** Short names, of as many words as the long ones. */
  private static final Map<String, String> SHORT = Map.of("explain va", "explain volumeattachment");

  /** Not for users: what the build runs to make the AOT cache. */
  private static final Subcommand TRAIN =
      new Subcommand(
          "train", "runs all parts once, to make the AOT cache", "csi4j train", Training::of);

  private Main() {}

  public static void main(String[] args) {
    var code = run(List.of(args), System.out, System.err);
    System.exit(code);
  }

  static int run(List<String> args, PrintStream out, PrintStream err) {
    if (args.isEmpty()) {
      err.print(Usage.of(SUBCOMMANDS));
      return BAD_USAGE;
    }
    var first = args.getFirst();
    if (first.equals("--help") || first.equals("-h") || first.equals("help")) {
      out.print(Usage.of(SUBCOMMANDS));
      return OK;
    }
    if (first.equals("--version") || first.equals("-version") || first.equals("version")) {
      out.println("csi4j " + version());
      return OK;
    }
    var found = find(args);
    if (found.isEmpty()) {
      err.println(
          "csi4j %s: no such subcommand; there are: %s"
              .formatted(
                  first, String.join(", ", SUBCOMMANDS.stream().map(Subcommand::name).toList())));
      return BAD_USAGE;
    }
    var words = found.get().name().split(" ", -1).length;
    return run(found.get(), args.subList(words, args.size()), out, err);
  }

  private static int run(
      Subcommand subcommand, List<String> args, PrintStream out, PrintStream err) {
    var shutdown = new Shutdown();
    var code = FAILED;
    try {
      code = attempt(subcommand, args, new Output(out, err), shutdown);
      return code;
    } finally {
      shutdown.over(code);
    }
  }

  private static int attempt(
      Subcommand subcommand, List<String> args, Output output, Shutdown shutdown) {
    try (var time = new SystemTime()) {
      var flags = Flags.parse(subcommand.flags(args));
      Verbosity.from(flags);
      if (flags.truth("version", Flags.Presence.OFF, "print the version and end")) {
        output.out().println("csi4j %s %s".formatted(subcommand.name(), version()));
        return OK;
      }
      var component = subcommand.builder().build(flags, time);
      shutdown.closes(component);
      component.run();
      return OK;
    } catch (HelpWanted e) {
      output.out().print(Usage.of(subcommand, String.valueOf(e.getMessage())));
      return OK;
    } catch (BadFlags e) {
      output.err().println(e.getMessage());
      output.err().println("See csi4j %s --help.".formatted(subcommand.name()));
      return BAD_USAGE;
    } catch (Component.Fatal | DriverFault e) {
      output.err().println("csi4j %s: %s".formatted(subcommand.name(), e.getMessage()));
      return FAILED;
    } catch (InterruptedException _) {
      return FAILED;
    }
  }

  private static Optional<Subcommand> find(List<String> args) {
    var typed = String.join(" ", args) + " ";
    var line =
        SHORT.entrySet().stream()
            .filter(name -> typed.startsWith(name.getKey() + " "))
            .map(name -> name.getValue() + typed.substring(name.getKey().length()))
            .findFirst()
            .orElse(typed);
    return Stream.concat(SUBCOMMANDS.stream(), Stream.of(TRAIN))
        .filter(subcommand -> line.startsWith(subcommand.name() + " "))
        .findFirst();
  }

  private static String version() {
    var version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /** Where a person reads what is asked for, and what went wrong. */
  private record Output(PrintStream out, PrintStream err) {}
}
