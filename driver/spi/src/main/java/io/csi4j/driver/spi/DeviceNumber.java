package io.csi4j.driver.spi;

/** A device as the kernel counts them. */
public record DeviceNumber(long major, long minor) {

  /** Unpacks what stat(2) calls {@code st_dev} and {@code st_rdev}. */
  public static DeviceNumber ofPacked(long packed) {
    var major = ((packed >>> 8) & 0xfff) | ((packed >>> 32) & ~0xfffL);
    var minor = (packed & 0xff) | ((packed >>> 12) & ~0xffL);
    return new DeviceNumber(major, minor & 0xffffffffL);
  }

  /** The form of {@code /proc/self/mountinfo}, as in {@code 7:3}. */
  public static DeviceNumber parse(String text) {
    var colon = text.indexOf(':');
    return new DeviceNumber(
        Long.parseLong(text.substring(0, colon)), Long.parseLong(text.substring(colon + 1)));
  }

  @Override
  public String toString() {
    return major + ":" + minor;
  }
}
