package io.csi4j.e2e.sandbox.access;

import java.util.ArrayList;
import java.util.List;

/** Who asks. */
public record User(String name, String uid, List<String> groups) {
  static final String MASTERS = "system:masters";
  static final String AUTHENTICATED = "system:authenticated";
  static final User ANONYMOUS = new User("system:anonymous", "", List.of("system:unauthenticated"));
  static final User ADMINISTRATOR =
      new User("kubernetes-admin", "", List.of(MASTERS, AUTHENTICATED));

  public User {
    groups = List.copyOf(groups);
  }

  static User serviceAccount(String namespace, String name, String uid) {
    return new User(
        "system:serviceaccount:%s:%s".formatted(namespace, name),
        uid,
        List.of("system:serviceaccounts", "system:serviceaccounts:" + namespace, AUTHENTICATED));
  }

  /** Whom an administrator speaks for. */
  static User named(String name, List<String> groups) {
    var parts = name.split(":", -1);
    // Groups that are named replace those that an account has by itself.
    if (groups.isEmpty() && parts.length == 4 && name.startsWith("system:serviceaccount:")) {
      return serviceAccount(parts[2], parts[3], "");
    }
    var all = new ArrayList<>(groups);
    all.add(AUTHENTICATED);
    return new User(name, "", all);
  }

  /** Nothing is refused to these. */
  public boolean isMaster() {
    return groups.contains(MASTERS);
  }
}
