package io.csi4j.driver.local;

import io.csi4j.driver.framework.syscall.FileCopies;
import io.csi4j.driver.framework.syscall.NativeResult;
import io.csi4j.driver.framework.syscall.Subvolumes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The folder that everything is in: {@code volumes/ID/image} and {@code snapshots/ID/image}, a file
 * or a subvolume, each with a description {@code meta} beside it, {@code journal/}, and a file
 * {@code lock} that is held, so that two drivers never share a pool.
 */
final class Pool implements AutoCloseable {
  static final String OWNER_ONLY = "rwx------";
  static final String IMAGE = "image";
  static final String DESCRIPTION = "meta";
  private static final int PROBE_BYTES = 4096;

  private final Path folder;
  private final Abilities abilities;
  private final FileChannel lockFile;

  /** What was tried out, and worked or not. */
  private record Abilities(boolean sharing, Backend best) {}

  private Pool(Path folder, Abilities abilities, FileChannel lockFile) {
    this.folder = folder;
    this.abilities = abilities;
    this.lockFile = lockFile;
  }

  static Pool open(Path folder, FileCopies copies, Subvolumes subvolumes) throws IOException {
    Files.createDirectories(folder);
    var real = folder.toRealPath();
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY));
    Files.createDirectories(real.resolve("volumes"), owner);
    Files.createDirectories(real.resolve("snapshots"), owner);
    var lock = lock(real.resolve("lock"));
    try {
      return new Pool(real, new Abilities(probe(real, copies), best(real, subvolumes)), lock);
    } catch (IOException failure) {
      lock.close();
      throw failure;
    }
  }

  /** Whether a copy takes no time and no room, because files can share their extents. */
  boolean sharing() {
    return abilities.sharing();
  }

  /** What volumes with a file system are made of, where nobody objects. */
  Backend best() {
    return abilities.best();
  }

  Path folder() {
    return folder;
  }

  Path journal() {
    return folder.resolve("journal");
  }

  /** IDs are ours, checked by look-up before they get here. */
  Path volume(String volumeId) {
    return folder.resolve("volumes").resolve(volumeId);
  }

  Path image(String volumeId) {
    return volume(volumeId).resolve(IMAGE);
  }

  /** Where a volume that is written into a pod is staged; its ID is checked, by its form. */
  Path inline(String volumeId) {
    return folder.resolve("inline").resolve(volumeId);
  }

  Path snapshot(String snapshotId) {
    return folder.resolve("snapshots").resolve(snapshotId);
  }

  Path snapshotImage(String snapshotId) {
    return snapshot(snapshotId).resolve(IMAGE);
  }

  /** What lies in the pool, whatever the journal says. */
  List<String> volumeFolders() throws IOException {
    return names(folder.resolve("volumes"));
  }

  List<String> snapshotFolders() throws IOException {
    return names(folder.resolve("snapshots"));
  }

  private static List<String> names(Path folder) throws IOException {
    try (var entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  /** The volume whose image this path was, whether or not it is there. */
  boolean isImageOf(String volumeId, Path path) {
    // Compared as text: an ID that nobody has looked up must not become a path.
    return path.toString().equals("%s/volumes/%s/%s".formatted(folder, volumeId, IMAGE));
  }

  /** Whether a mount of a part of the pool's file system shows this volume's folder. */
  boolean isRootOf(String volumeId, String root) {
    return root.endsWith("/volumes/%s/%s".formatted(volumeId, IMAGE));
  }

  /** Whether this path is surely the image of some other volume: images never move. */
  boolean isImageOfAnother(String volumeId, Path path) {
    return path.startsWith(folder.resolve("volumes")) && !isImageOf(volumeId, path);
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }

  /** Tries it: names of file systems say little about what they can do. */
  private static boolean probe(Path folder, FileCopies copies) throws IOException {
    var source = folder.resolve("probe-source");
    var target = folder.resolve("probe-target");
    try {
      Files.write(source, new byte[PROBE_BYTES]);
      Files.write(target, new byte[0]);
      return copies.share(source, target) instanceof NativeResult.Value<Path>;
    } finally {
      Files.deleteIfExists(source);
      Files.deleteIfExists(target);
    }
  }

  /** A subvolume without a limit would be of no use: anybody could fill the pool. */
  private static Backend best(Path folder, Subvolumes subvolumes) {
    var probe = folder.resolve("probe-subvolume");
    var made =
        subvolumes
            .remove(probe)
            .then(_ -> subvolumes.create(probe))
            .then(_ -> subvolumes.countQuotas(folder))
            .then(_ -> subvolumes.limit(probe, SizeChoice.FOLDER_BYTES_MIN))
            .then(_ -> subvolumes.remove(probe));
    return made instanceof NativeResult.Value<Path> ? Backend.SUBVOLUME : Backend.IMAGE;
  }

  private static FileChannel lock(Path file) throws IOException {
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException _) {
      lock = null; // held by this very process
    }
    if (lock == null) {
      channel.close();
      throw new IOException("another driver uses the pool: " + file + " is locked");
    }
    return channel;
  }
}
