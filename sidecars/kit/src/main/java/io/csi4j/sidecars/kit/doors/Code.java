package io.csi4j.sidecars.kit.doors;

/** gRPC's status codes under the names that the Go tools print; users and scripts match on them. */
public enum Code {
  OK(0, "OK"),
  CANCELED(1, "Canceled"),
  UNKNOWN(2, "Unknown"),
  INVALID_ARGUMENT(3, "InvalidArgument"),
  DEADLINE_EXCEEDED(4, "DeadlineExceeded"),
  NOT_FOUND(5, "NotFound"),
  ALREADY_EXISTS(6, "AlreadyExists"),
  PERMISSION_DENIED(7, "PermissionDenied"),
  RESOURCE_EXHAUSTED(8, "ResourceExhausted"),
  FAILED_PRECONDITION(9, "FailedPrecondition"),
  ABORTED(10, "Aborted"),
  OUT_OF_RANGE(11, "OutOfRange"),
  UNIMPLEMENTED(12, "Unimplemented"),
  INTERNAL(13, "Internal"),
  UNAVAILABLE(14, "Unavailable"),
  DATA_LOSS(15, "DataLoss"),
  UNAUTHENTICATED(16, "Unauthenticated");

  private final int number;
  private final String goName;

  Code(int number, String goName) {
    this.number = number;
    this.goName = goName;
  }

  /** The number on the wire. */
  public int number() {
    return number;
  }

  public String goName() {
    return goName;
  }

  public static Code ofNumber(int number) {
    for (var code : values()) {
      if (code.number == number) {
        return code;
      }
    }
    return UNKNOWN;
  }
}
