package io.csi4j.driver.framework.syscall;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Making and removing files and folders, one step at a time: on a slow disk each may take long, and
 * between any two of them the process may die.
 */
public final class FileEntries {
  private final NativeThreads threads;

  public FileEntries(NativeThreads threads) {
    this.threads = threads;
  }

  /** Fails when it exists. */
  public void makeFolder(Path folder, Set<PosixFilePermission> permissions) throws IOException {
    run(() -> Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(permissions)));
  }

  /** Fails when it exists. */
  public void makeFile(Path file) throws IOException {
    run(() -> Files.createFile(file));
  }

  /** Fails when it exists. */
  public void makeFile(Path file, Set<PosixFilePermission> permissions) throws IOException {
    run(() -> Files.createFile(file, PosixFilePermissions.asFileAttribute(permissions)));
  }

  /** Makes the file, or replaces what is in it. */
  public void write(Path file, String text) throws IOException {
    run(() -> Files.writeString(file, text));
  }

  /** Takes the place of what has the new name, in one step. */
  public void rename(Path file, Path name) throws IOException {
    run(() -> Files.move(file, name, StandardCopyOption.ATOMIC_MOVE));
  }

  /** What is behind the old end reads as zeroes, and takes no room; a longer file stays. */
  public void lengthen(Path file, long bytes) throws IOException {
    run(
        () -> {
          try (var open = new RandomAccessFile(file.toFile(), "rw")) {
            if (open.length() < bytes) {
              open.setLength(bytes);
            }
          }
          return file;
        });
  }

  public void permit(Path file, Set<PosixFilePermission> permissions) throws IOException {
    run(() -> Files.setPosixFilePermissions(file, permissions));
  }

  /** A file, or a folder that is empty; not there is fine. */
  public void remove(Path entry) throws IOException {
    run(() -> Files.deleteIfExists(entry));
  }

  /** Work that may fail. */
  private interface Work {
    Object run() throws IOException;
  }

  private void run(Work work) throws IOException {
    try {
      var _ =
          threads.call(
              () -> {
                try {
                  return work.run();
                } catch (IOException failure) {
                  throw new UncheckedIOException(failure);
                }
              });
    } catch (UncheckedIOException failure) {
      throw failure.getCause();
    }
  }
}
