package io.csi4j.sidecars.kit.doors;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a controller does with objects of a kind. The RBAC rules of the manifests are made from
 * these, and {@link io.csi4j.sidecars.kit.cluster.DeclaredCluster} holds the controller to them.
 *
 * @param resource the kind's plural, followed by {@code /status} where only that is meant
 * @param when the option of the chart without which nobody asks for it; empty for always
 */
public record Need(String group, String resource, Set<Verb> verbs, Where where, String when) {

  /** In which namespaces. */
  public enum Where {
    ANYWHERE,
    /** That of the controller's pod. */
    AT_HOME
  }

  public Need {
    verbs = Set.copyOf(verbs);
  }

  public static Need of(Kind<?> kind, Verb first, Verb... more) {
    return new Need(kind.group(), kind.plural(), EnumSet.of(first, more), Where.ANYWHERE, "");
  }

  /** A table is a list and a watch; what else is done with the kind comes on top. */
  public static Need ofTable(Kind<?> kind, Verb... more) {
    var verbs = EnumSet.of(Verb.LIST, Verb.WATCH);
    verbs.addAll(List.of(more));
    return new Need(kind.group(), kind.plural(), verbs, Where.ANYWHERE, "");
  }

  public static Need ofStatus(Kind<?> kind, Verb first, Verb... more) {
    return new Need(kind.group(), status(kind), EnumSet.of(first, more), Where.ANYWHERE, "");
  }

  public Need atHome() {
    return new Need(group, resource, verbs, Where.AT_HOME, when);
  }

  public Need when(String option) {
    return new Need(group, resource, verbs, where, option);
  }

  boolean covers(Kind<?> kind, Verb verb) {
    return group.equals(kind.group()) && resource.equals(kind.plural()) && verbs.contains(verb);
  }

  boolean coversStatus(Kind<?> kind, Verb verb) {
    return group.equals(kind.group()) && resource.equals(status(kind)) && verbs.contains(verb);
  }

  private static String status(Kind<?> kind) {
    return kind.plural() + "/status";
  }
}
