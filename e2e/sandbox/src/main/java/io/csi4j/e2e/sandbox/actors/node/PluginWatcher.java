package io.csi4j.e2e.sandbox.actors.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the sockets of plugins by looking into their folder again and again. A socket that was made
 * anew is another one. Looked at by one thread; registered by any.
 */
final class PluginWatcher {
  private final Path folder;

  /** What was there when it was looked at last, by file. */
  private final Map<Path, Seen> seen = new HashMap<>();

  /** Guarded by itself: which driver came by which socket. */
  private final Map<Path, String> drivers = new HashMap<>();

  /** Sockets that nobody has registered by yet. */
  private final Set<Path> pending = ConcurrentHashMap.newKeySet();

  private record Seen(String identity) {}

  PluginWatcher(Path folder) {
    this.folder = folder;
  }

  /** Looks; returns the drivers whose sockets have gone since the last look. */
  List<String> look() {
    var now = sockets();
    var gone = new ArrayList<String>();
    for (var entry : now.entrySet()) {
      if (!entry.getValue().equals(seen.get(entry.getKey()))) {
        pending.add(entry.getKey());
      }
    }
    for (var path : List.copyOf(seen.keySet())) {
      if (!now.containsKey(path)) {
        pending.remove(path);
        synchronized (drivers) {
          var driver = drivers.remove(path);
          if (driver != null) {
            gone.add(driver);
          }
        }
      }
    }
    seen.clear();
    seen.putAll(now);
    return gone;
  }

  List<Path> pending() {
    return List.copyOf(pending);
  }

  void registered(Path socket, String driver) {
    pending.remove(socket);
    synchronized (drivers) {
      drivers.put(socket, driver);
    }
  }

  private Map<Path, Seen> sockets() {
    var found = new HashMap<Path, Seen>();
    try (var files = Files.newDirectoryStream(folder, "*.sock")) {
      for (var file : files) {
        var seenNow = identity(file);
        if (seenNow != null) {
          found.put(file, seenNow);
        }
      }
    } catch (NoSuchFileException _) {
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException("could not look for plugins in " + folder, e);
    }
    return found;
  }

  private static @Nullable Seen identity(Path file) throws IOException {
    try {
      var attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return attributes.isOther()
          ? new Seen(attributes.fileKey() + " " + attributes.lastModifiedTime())
          : null;
    } catch (NoSuchFileException _) {
      return null;
    }
  }
}
