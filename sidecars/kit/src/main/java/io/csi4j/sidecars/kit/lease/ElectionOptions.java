package io.csi4j.sidecars.kit.lease;

import static io.csi4j.sidecars.kit.lease.LeaseTiming.DEFAULT;

import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.options.Flags.Presence;
import io.csi4j.sidecars.kit.options.LabelSyntax;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The flags of leader election, which all controllers share; names and defaults are those of the Go
 * tools, except for {@code --leader-election-on-loss}.
 *
 * @param namespace empty for that of the pod
 */
public record ElectionOptions(
    boolean enabled,
    String namespace,
    LeaseTiming timing,
    Map<String, String> labels,
    OnLoss onLoss) {
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  public static ElectionOptions from(Flags flags) {
    return new ElectionOptions(
        flags.truth(
            "leader-election", Presence.OFF, "work only while this replica holds the lease"),
        namespace(flags),
        timing(flags),
        labels(flags),
        onLoss(flags));
  }

  private static String namespace(Flags flags) {
    var name = "leader-election-namespace";
    var text = flags.text(name, "", "where the lease is; empty for the pod's own");
    flags.require(
        text.isEmpty() || NAMESPACE.matcher(text).matches(),
        name,
        "the name of a namespace: up to 63 of a-z, 0-9 and -, such as kube-system");
    return text;
  }

  /** What the API server would refuse, with every renewal, is said at once. */
  private static Map<String, String> labels(Flags flags) {
    var name = "leader-election-labels";
    var labels = flags.pairs(name, "labels of the lease: key1:value1,key2:value2");
    labels.forEach(
        (key, value) ->
            flags.require(
                LabelSyntax.isKey(key) && LabelSyntax.isValue(value),
                name,
                "labels such as team:storage or example.com/team:storage, with letters, digits,"
                    + " -, _ and . in names of up to 63"));
    return labels;
  }

  private static LeaseTiming timing(Flags flags) {
    var lease =
        flags.duration(
            "leader-election-lease-duration",
            DEFAULT.lease(),
            "how long others leave the lease to a leader that is silent");
    var deadline =
        flags.duration(
            "leader-election-renew-deadline",
            DEFAULT.renewDeadline(),
            "how long a leader tries to renew the lease before it steps down");
    var retry =
        flags.duration(
            "leader-election-retry-period", DEFAULT.retry(), "pause between two tries for it");
    var outlasts = LeaseTiming.leaseOutlastsDeadline(lease, deadline);
    var allows = LeaseTiming.deadlineAllowsRetry(deadline, retry);
    flags.require(
        outlasts,
        "leader-election-lease-duration",
        "longer than --leader-election-renew-deadline, and 1s or more (default 15s)");
    flags.require(
        allows,
        "leader-election-renew-deadline",
        "longer than 1.2 times --leader-election-retry-period, which must be longer than 0"
            + " (default 10s)");
    return outlasts && allows ? new LeaseTiming(lease, deadline, retry) : DEFAULT;
  }

  private static OnLoss onLoss(Flags flags) {
    var name = "leader-election-on-loss";
    var text =
        flags.text(
            name,
            "step-down",
            "what losing the lease does: step-down ends the work and campaigns again, exit ends"
                + " the process as the Go tools do");
    flags.require(
        text.equals("step-down") || text.equals("exit"),
        name,
        "step-down or exit (default step-down)");
    return text.equals("exit") ? OnLoss.EXIT : OnLoss.STEP_DOWN;
  }
}
