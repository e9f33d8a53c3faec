package io.csi4j.sidecars.kit.doors;

/** gRPC's status codes under the names that the Go tools print; users and scripts match on them. */
public enum Code {
  OK("OK"),
  CANCELED("Canceled"),
  UNKNOWN("Unknown"),
  INVALID_ARGUMENT("InvalidArgument"),
  DEADLINE_EXCEEDED("DeadlineExceeded"),
  NOT_FOUND("NotFound"),
  ALREADY_EXISTS("AlreadyExists"),
  PERMISSION_DENIED("PermissionDenied"),
  RESOURCE_EXHAUSTED("ResourceExhausted"),
  FAILED_PRECONDITION("FailedPrecondition"),
  ABORTED("Aborted"),
  OUT_OF_RANGE("OutOfRange"),
  UNIMPLEMENTED("Unimplemented"),
  INTERNAL("Internal"),
  UNAVAILABLE("Unavailable"),
  DATA_LOSS("DataLoss"),
  UNAUTHENTICATED("Unauthenticated");

  private static final Code[] BY_NUMBER = values();

  private final String goName;

  Code(String goName) {
    this.goName = goName;
  }

  /** The number on the wire. */
  public int number() {
    return ordinal();
  }

  public String goName() {
    return goName;
  }

  public static Code ofNumber(int number) {
    return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : UNKNOWN;
  }
}
