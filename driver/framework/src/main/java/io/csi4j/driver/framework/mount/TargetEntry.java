package io.csi4j.driver.framework.mount;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import io.csi4j.driver.framework.syscall.FileEntries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** What a mount is put on: the folder or the empty file at the target. */
final class TargetEntry {
  private final FileEntries entries;

  TargetEntry(FileEntries entries) {
    this.entries = entries;
  }

  /** Whether this call made the entry, so that a failure behind it takes it away again. */
  enum Made {
    NOW,
    BEFORE
  }

  Made folder(Path target) throws IOException {
    if (Files.isDirectory(target, NOFOLLOW_LINKS)) {
      return Made.BEFORE;
    }
    entries.makeFolder(target, PosixFilePermissions.fromString("rwxr-x---"));
    return Made.NOW;
  }

  Made file(Path target) throws IOException {
    if (Files.isRegularFile(target, NOFOLLOW_LINKS)) {
      return Made.BEFORE;
    }
    entries.makeFile(target, PosixFilePermissions.fromString("rw-rw----"));
    return Made.NOW;
  }

  /**
   * Removes a folder that is empty, or a file without content: whatever holds data is not ours to
   * delete.
   */
  void remove(Path target) throws IOException {
    if (!Files.exists(target, NOFOLLOW_LINKS)) {
      return;
    }
    if (Files.isRegularFile(target, NOFOLLOW_LINKS) && Files.size(target) > 0) {
      throw new IOException(target + " is a file with content, which no publish has made");
    }
    entries.remove(target);
  }
}
