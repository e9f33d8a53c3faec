package io.csi4j.driver.local;

import io.csi4j.driver.framework.mount.FileSystemMaker;
import io.csi4j.driver.framework.spi.Answer;
import io.csi4j.driver.framework.spi.Answer.Nothing;
import io.csi4j.driver.framework.spi.BlockDevices.Content;
import io.csi4j.driver.framework.spi.Reason;
import io.csi4j.driver.framework.syscall.Errno;
import io.csi4j.driver.framework.syscall.FileSpace;
import io.csi4j.driver.framework.syscall.NativeResult;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The folder that everything is in: {@code volumes/ID/image}, {@code journal/}, and a file {@code
 * lock} that is held, so that two drivers never share a pool.
 */
final class Pool implements AutoCloseable {
  private static final String OWNER_ONLY = "rwx------";

  private final Path folder;
  private final FileSpace space;
  private final FileSystemMaker maker;
  private final FileChannel lockFile;

  private Pool(Path folder, FileSpace space, FileSystemMaker maker, FileChannel lockFile) {
    this.folder = folder;
    this.space = space;
    this.maker = maker;
    this.lockFile = lockFile;
  }

  static Pool open(Path folder, FileSpace space, FileSystemMaker maker) throws IOException {
    Files.createDirectories(folder);
    var real = folder.toRealPath();
    Files.createDirectories(
        real.resolve("volumes"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
    return new Pool(real, space, maker, lock(real.resolve("lock")));
  }

  Path journal() {
    return folder.resolve("journal");
  }

  Path image(String volumeId) {
    return volume(volumeId).resolve("image");
  }

  /** The volume whose image this path was, whether or not it is there. */
  boolean isImageOf(String volumeId, Path path) {
    // Compared as text: an ID that nobody has looked up must not become a path.
    return path.toString().equals("%s/volumes/%s/image".formatted(folder, volumeId));
  }

  /** Whether this path is surely the image of some other volume: images never move. */
  boolean isImageOfAnother(String volumeId, Path path) {
    return path.startsWith(folder.resolve("volumes")) && !isImageOf(volumeId, path);
  }

  /**
   * Makes the volume's files. They are on the disk when it answers; after a refusal they are gone.
   */
  Answer<Nothing> make(VolumeRecord volume) {
    var answer = tryMake(volume);
    return switch (answer) {
      case Answer.Done<Nothing> _ -> answer;
      case Answer.Refused<Nothing> _ ->
          switch (remove(volume.id())) {
            case Answer.Done<Nothing> _ -> answer;
            case Answer.Refused<Nothing> alsoFailed -> alsoFailed;
          };
    };
  }

  /** Removes the volume's files; not there is fine. */
  Answer<Nothing> remove(String volumeId) {
    try {
      Files.deleteIfExists(image(volumeId));
      Files.deleteIfExists(volume(volumeId));
      space.flush(folder.resolve("volumes"));
      return Answer.done();
    } catch (IOException failure) {
      return Answer.refused(
          Reason.INTERNAL,
          "could not remove the files of volume %s: %s".formatted(volumeId, failure));
    }
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }

  private Answer<Nothing> tryMake(VolumeRecord volume) {
    try {
      Files.createDirectory(
          volume(volume.id()),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
      var image = image(volume.id());
      try (var file = new RandomAccessFile(image.toFile(), "rw")) {
        file.setLength(volume.sizeBytes());
      }
      return reserve(volume, image).then(_ -> format(volume, image)).then(_ -> flush(volume));
    } catch (IOException failure) {
      return Answer.refused(
          Reason.INTERNAL,
          "could not make the image of volume %s: %s".formatted(volume.id(), failure));
    }
  }

  private Answer<Nothing> reserve(VolumeRecord volume, Path image) {
    if (Allocation.of(volume.parameters()) == Allocation.THIN) {
      return Answer.done();
    }
    return switch (space.allocate(image, volume.sizeBytes())) {
      case NativeResult.Value<Path> _ -> Answer.done();
      case NativeResult.Failed<Path> failed ->
          Answer.refused(
              failed.errno().equals(Errno.ENOSPC) ? Reason.RESOURCE_EXHAUSTED : Reason.INTERNAL,
              "could not " + failed.message());
    };
  }

  private Answer<Nothing> format(VolumeRecord volume, Path image) {
    return switch (volume.content()) {
      case Content.Raw() -> Answer.done();
      case Content.FileSystem(var fsType) ->
          maker.make(
              FileSystemMaker.Type.named(fsType)
                  .orElseThrow(() -> new IllegalStateException("unchecked fs_type " + fsType)),
              image);
    };
  }

  private Answer<Nothing> flush(VolumeRecord volume) {
    try {
      space.flush(image(volume.id()));
      space.flush(volume(volume.id()));
      space.flush(folder.resolve("volumes"));
      return Answer.done();
    } catch (IOException failure) {
      return Answer.refused(Reason.INTERNAL, failure.toString());
    }
  }

  /** IDs are ours, checked by look-up before they get here. */
  private Path volume(String volumeId) {
    return folder.resolve("volumes").resolve(volumeId);
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
