package io.csi4j.driver.spi;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Who the driver is.
 *
 * @param name lower case, as a domain: what the StorageClass names as its provisioner
 * @param version of the driver
 * @param manifest for support, to be read by people
 */
public record PluginInfo(String name, String version, SortedMap<String, String> manifest) {
  private static final int NAME_LENGTH_MAX = 63;

  /** Narrower than CSI, so that Kubernetes and the sanity suite both accept it. */
  private static final Pattern NAME = Pattern.compile("[a-z]([a-z0-9.-]*[a-z])");

  public PluginInfo {
    if (!validName(name)) {
      throw new IllegalArgumentException("no plugin name: " + name);
    }
    manifest = Collections.unmodifiableSortedMap(new TreeMap<>(manifest));
  }

  public static boolean validName(String name) {
    return name.length() <= NAME_LENGTH_MAX && NAME.matcher(name).matches();
  }
}
