package io.csi4j.e2e.sandbox.access;

import io.csi4j.e2e.sandbox.clock.Surroundings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Which bearer token is whose. Tokens mean nothing outside the sandbox that made them. */
public final class Tokens {
  private static final String BEARER = "Bearer ";

  private final Surroundings surroundings;
  private final String administrator;
  private final Map<String, User> users = new ConcurrentHashMap<>();

  public Tokens(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.administrator = issue(User.ADMINISTRATOR);
  }

  public String administrator() {
    return administrator;
  }

  public String serviceAccount(String namespace, String name, String uid) {
    return issue(User.serviceAccount(namespace, name, uid));
  }

  private String issue(User user) {
    var token = "sandbox-" + surroundings.newUid();
    users.put(token, user);
    return token;
  }

  /**
   * The user of an Authorization header; nobody in particular without one.
   *
   * @return empty where the token is unknown
   */
  public Optional<User> byHeader(String authorization) {
    if (authorization.isEmpty()) {
      return Optional.of(User.ANONYMOUS);
    }
    return authorization.startsWith(BEARER)
        ? byToken(authorization.substring(BEARER.length()).strip())
        : Optional.empty();
  }

  public Optional<User> byToken(String token) {
    return Optional.ofNullable(users.get(token));
  }

  /** Whom a user with the right to do so speaks for. */
  public static User impersonated(String name, String groups) {
    return User.named(name, groups.isEmpty() ? List.of() : List.of(groups.split(",", -1)));
  }
}
