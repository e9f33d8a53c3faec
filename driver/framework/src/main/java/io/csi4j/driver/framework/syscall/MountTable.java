package io.csi4j.driver.framework.syscall;

import io.csi4j.driver.spi.DeviceNumber;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What is mounted, in this process's mount namespace, in the order of mounting. The kernel is the
 * only one who is believed about mounts: after a crash, a reboot or a hand at work, every list that
 * we keep ourselves is wrong.
 */
public record MountTable(List<MountEntry> entries) {
  private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");
  private static final int FIELDS_BEFORE_OPTIONAL = 6;

  public MountTable {
    entries = List.copyOf(entries);
  }

  /** Reads the table as it is now. */
  public static MountTable read() {
    try {
      // Mount points are bytes to the kernel; Latin-1 keeps each byte, `decode` puts the characters
      // together.
      return parse(
          Files.readString(MOUNTINFO, StandardCharsets.ISO_8859_1), MountTable::deviceBehind);
    } catch (IOException failure) {
      throw new UncheckedIOException("could not read " + MOUNTINFO, failure);
    }
  }

  /** Reads the form that proc(5) describes; a line that is cut short is left out. */
  static MountTable parse(String mountinfo) {
    return parse(mountinfo, _ -> Optional.empty());
  }

  /**
   * @param devices what is behind a node: file systems that can be on several devices, such as
   *     btrfs, have a number of their own and tell the device only by its node
   */
  static MountTable parse(String mountinfo, Function<Path, Optional<DeviceNumber>> devices) {
    List<MountEntry> entries = new ArrayList<>();
    for (var line : mountinfo.split("\n", -1)) {
      var fields = line.split(" ", -1);
      var separator = Arrays.asList(fields).indexOf("-");
      if (separator >= FIELDS_BEFORE_OPTIONAL && fields.length > separator + 3) {
        entries.add(entry(fields, separator, devices));
      }
    }
    return new MountTable(entries);
  }

  /** All that is mounted at {@code point}, the visible one last. */
  public List<MountEntry> at(Path point) {
    return entries.stream().filter(entry -> entry.point().equals(point)).toList();
  }

  /** What one sees at {@code point}, when something is mounted right there. */
  public Optional<MountEntry> topAt(Path point) {
    var all = at(point);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
  }

  /** Every place where the file system of {@code device} can be seen. */
  public List<MountEntry> of(DeviceNumber device) {
    return entries.stream().filter(entry -> entry.device().equals(device)).toList();
  }

  private static Optional<DeviceNumber> deviceBehind(Path node) {
    try {
      return FileIdentity.deviceBehind(node);
    } catch (IOException failure) {
      throw new UncheckedIOException("could not look at " + node, failure);
    }
  }

  private static MountEntry entry(
      String[] fields, int separator, Function<Path, Optional<DeviceNumber>> devices) {
    var number = DeviceNumber.parse(fields[2]);
    var source = decode(fields[separator + 2]);
    if (number.major() == 0 && source.startsWith("/dev/")) {
      number = devices.apply(Path.of(source)).orElse(number);
    }
    var superOptions = fields[separator + 3];
    return new MountEntry(
        number,
        decode(fields[3]),
        Path.of(decode(fields[4])),
        fields[separator + 1],
        isReadOnly(fields[5]) || isReadOnly(superOptions));
  }

  private static boolean isReadOnly(String options) {
    return Arrays.asList(options.split(",", -1)).contains("ro");
  }

  /** Space, tab, newline and backslash are written as a backslash and three octal digits. */
  private static String decode(String field) {
    var bytes = new byte[field.length()];
    var length = 0;
    for (var i = 0; i < field.length(); i++) {
      var c = field.charAt(i);
      if (c == '\\' && i + 3 < field.length()) {
        bytes[length++] = (byte) Integer.parseInt(field, i + 1, i + 4, 8);
        i += 3;
      } else {
        bytes[length++] = (byte) c;
      }
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
