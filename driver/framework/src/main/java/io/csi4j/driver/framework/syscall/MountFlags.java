package io.csi4j.driver.framework.syscall;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Mount options as users write them ({@code ro,noatime,discard}), split into what mount(2) takes as
 * bits and what it hands to the file system as text. The text may hold secrets for some file
 * systems, so it is not printed.
 */
public record MountFlags(long bits, String data) {
  public static final MountFlags ONLY_READING = new MountFlags(1, "");

  static final long RDONLY = 1;
  static final long NOSUID = 2;
  static final long NODEV = 4;
  static final long NOEXEC = 8;
  static final long SYNCHRONOUS = 0x10;
  static final long REMOUNT = 0x20;
  static final long DIRSYNC = 0x80;
  static final long NOATIME = 0x400;
  static final long NODIRATIME = 0x800;
  static final long BIND = 0x1000;
  static final long RELATIME = 0x20_0000;
  static final long STRICTATIME = 0x100_0000;
  static final long LAZYTIME = 0x200_0000;

  private static final Map<String, Long> SETS =
      Map.ofEntries(
          Map.entry("ro", RDONLY),
          Map.entry("nosuid", NOSUID),
          Map.entry("nodev", NODEV),
          Map.entry("noexec", NOEXEC),
          Map.entry("sync", SYNCHRONOUS),
          Map.entry("dirsync", DIRSYNC),
          Map.entry("noatime", NOATIME),
          Map.entry("nodiratime", NODIRATIME),
          Map.entry("relatime", RELATIME),
          Map.entry("strictatime", STRICTATIME),
          Map.entry("lazytime", LAZYTIME));

  private static final Map<String, Long> CLEARS =
      Map.of(
          "rw", RDONLY,
          "suid", NOSUID,
          "dev", NODEV,
          "exec", NOEXEC,
          "async", SYNCHRONOUS,
          "atime", NOATIME,
          "diratime", NODIRATIME,
          "norelatime", RELATIME,
          "nolazytime", LAZYTIME);

  /** Options that only mean something to mount(8). */
  private static final Set<String> IGNORED =
      Set.of("defaults", "auto", "noauto", "nofail", "_netdev");

  public static final MountFlags NONE = new MountFlags(0, "");

  /** Later options win, as with mount(8); an element may itself be a list with commas. */
  public static MountFlags parse(List<String> options) {
    var bits = 0L;
    List<String> rest = new ArrayList<>();
    for (var element : options) {
      for (var option : element.split(",", -1)) {
        long set = SETS.getOrDefault(option, 0L);
        long clear = CLEARS.getOrDefault(option, 0L);
        bits = (bits | set) & ~clear;
        if (set == 0 && clear == 0 && !option.isEmpty() && !IGNORED.contains(option)) {
          rest.add(option);
        }
      }
    }
    return new MountFlags(bits, String.join(",", rest));
  }

  public MountFlags withData(String more) {
    return new MountFlags(bits, data.isEmpty() ? more : data + "," + more);
  }

  public boolean readOnly() {
    return (bits & RDONLY) != 0;
  }

  @Override
  public String toString() {
    return "MountFlags[bits=0x%x, data=***]".formatted(bits);
  }
}
