package io.csi4j.driver.framework.syscall;

import java.util.Map;

/**
 * The kernel's error number. A record and not an enum, because the kernel may answer numbers that
 * we do not name; numbers are those of Linux on x86-64 and arm64.
 */
public record Errno(int number) {
  public static final Errno EPERM = new Errno(1);
  public static final Errno ENOENT = new Errno(2);
  public static final Errno EINTR = new Errno(4);
  public static final Errno EIO = new Errno(5);
  public static final Errno ENXIO = new Errno(6);
  public static final Errno EAGAIN = new Errno(11);
  public static final Errno ENOMEM = new Errno(12);
  public static final Errno EACCES = new Errno(13);
  public static final Errno EBUSY = new Errno(16);
  public static final Errno EEXIST = new Errno(17);
  public static final Errno ENODEV = new Errno(19);
  public static final Errno ENOTDIR = new Errno(20);
  public static final Errno EINVAL = new Errno(22);
  public static final Errno ENOTTY = new Errno(25);
  public static final Errno EFBIG = new Errno(27);
  public static final Errno ENOSPC = new Errno(28);
  public static final Errno EROFS = new Errno(30);
  public static final Errno ENOSYS = new Errno(38);
  public static final Errno ELOOP = new Errno(40);
  public static final Errno EOPNOTSUPP = new Errno(95);
  public static final Errno ESTALE = new Errno(116);
  public static final Errno EUCLEAN = new Errno(117);

  private static final Map<Errno, String> NAMES =
      Map.ofEntries(
          Map.entry(EPERM, "EPERM"),
          Map.entry(ENOENT, "ENOENT"),
          Map.entry(EINTR, "EINTR"),
          Map.entry(EIO, "EIO"),
          Map.entry(ENXIO, "ENXIO"),
          Map.entry(EAGAIN, "EAGAIN"),
          Map.entry(ENOMEM, "ENOMEM"),
          Map.entry(EACCES, "EACCES"),
          Map.entry(EBUSY, "EBUSY"),
          Map.entry(EEXIST, "EEXIST"),
          Map.entry(ENODEV, "ENODEV"),
          Map.entry(ENOTDIR, "ENOTDIR"),
          Map.entry(EINVAL, "EINVAL"),
          Map.entry(ENOTTY, "ENOTTY"),
          Map.entry(EFBIG, "EFBIG"),
          Map.entry(ENOSPC, "ENOSPC"),
          Map.entry(EROFS, "EROFS"),
          Map.entry(ENOSYS, "ENOSYS"),
          Map.entry(ELOOP, "ELOOP"),
          Map.entry(EOPNOTSUPP, "EOPNOTSUPP"),
          Map.entry(ESTALE, "ESTALE"),
          Map.entry(EUCLEAN, "EUCLEAN"));

  @Override
  public String toString() {
    var name = NAMES.get(this);
    return name == null ? "errno " + number : name;
  }
}
