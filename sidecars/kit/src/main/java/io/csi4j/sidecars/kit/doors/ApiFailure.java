package io.csi4j.sidecars.kit.doors;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What came back from the API server when it did not do what was asked. The message names verb,
 * object and answer.
 */
public abstract sealed class ApiFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private ApiFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The object is not there. */
  public static final class NotFound extends ApiFailure {
    private static final long serialVersionUID = 1L;

    public NotFound(String message) {
      super(message, null);
    }
  }

  /** Creation of an object that is there already. */
  public static final class AlreadyExists extends ApiFailure {
    private static final long serialVersionUID = 1L;

    public AlreadyExists(String message) {
      super(message, null);
    }
  }

  /** A precondition did not hold: somebody else wrote in between. */
  public static final class Conflict extends ApiFailure {
    private static final long serialVersionUID = 1L;

    public Conflict(String message) {
      super(message, null);
    }
  }

  /** RBAC or admission says no. */
  public static final class Forbidden extends ApiFailure {
    private static final long serialVersionUID = 1L;

    public Forbidden(String message) {
      super(message, null);
    }
  }

  /** The server will never take this body as it is. */
  public static final class Invalid extends ApiFailure {
    private static final long serialVersionUID = 1L;

    public Invalid(String message) {
      super(message, null);
    }
  }

  /** The resource version asked for is no longer kept: list again. */
  public static final class Gone extends ApiFailure {
    private static final long serialVersionUID = 1L;

    public Gone(String message) {
      super(message, null);
    }
  }

  /** The server asks for patience. */
  public static final class Throttled extends ApiFailure {
    private static final long serialVersionUID = 1L;

    private final Duration after;

    public Throttled(String message, Duration after) {
      super(message, null);
      this.after = after;
    }

    public Duration after() {
      return after;
    }
  }

  /** No answer, or one that says nothing of what was done (5xx): the write may have happened. */
  public static final class Unreachable extends ApiFailure {
    private static final long serialVersionUID = 1L;

    public Unreachable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
