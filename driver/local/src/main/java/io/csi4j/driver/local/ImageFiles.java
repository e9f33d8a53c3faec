package io.csi4j.driver.local;

import io.csi4j.driver.framework.journal.RecordFile;
import io.csi4j.driver.framework.mount.FileSystemMaker;
import io.csi4j.driver.framework.mount.FsType;
import io.csi4j.driver.framework.syscall.Errno;
import io.csi4j.driver.framework.syscall.FileCopies;
import io.csi4j.driver.framework.syscall.FileEntries;
import io.csi4j.driver.framework.syscall.FileSpace;
import io.csi4j.driver.framework.syscall.NativeResult;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Answer.Nothing;
import io.csi4j.driver.spi.BlockDevices.Content;
import io.csi4j.driver.spi.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** Makes and removes the files of volumes and snapshots in a {@link Pool}. */
final class ImageFiles {
  private static final String READ_ONLY = "r--------";

  private final Pool pool;
  private final Tools tools;

  /** What the files are made with. */
  record Tools(FileEntries entries, FileSpace space, FileCopies copies, FileSystemMaker maker) {}

  ImageFiles(Pool pool, Tools tools) {
    this.pool = pool;
    this.tools = tools;
  }

  /**
   * Makes the volume's files. They are on the disk when it answers; after a refusal they are gone.
   *
   * @param origin the image that it is filled from; null for an empty one
   */
  Answer<Nothing> make(VolumeRecord volume, @Nullable Path origin) {
    var folder = pool.volume(volume.id());
    var image = pool.image(volume.id());
    var answer =
        begin(folder, image)
            .then(_ -> origin == null ? Answer.done() : fill(image, origin))
            .then(_ -> size(volume, image))
            .then(_ -> origin == null ? format(volume, image) : tellApart(volume, image))
            .then(_ -> describe(folder, volume.in(Stage.READY)))
            .then(_ -> flush(folder, image));
    return orRemoved(answer, folder);
  }

  /** Copies what the volume holds at this moment; whoever calls sees to it that nobody writes. */
  Answer<Nothing> cut(String volumeId, SnapshotRecord snapshot) {
    var folder = pool.snapshot(snapshot.id());
    var image = pool.snapshotImage(snapshot.id());
    return begin(folder, image).then(_ -> fill(image, pool.image(volumeId)));
  }

  /** Makes what was cut last. After a refusal, of this or of {@link #cut}, call {@link #remove}. */
  Answer<Nothing> keep(SnapshotRecord snapshot) {
    var image = pool.snapshotImage(snapshot.id());
    try {
      tools.entries().permit(image, PosixFilePermissions.fromString(READ_ONLY));
    } catch (IOException failure) {
      return failed("keep snapshot " + snapshot.id(), failure);
    }
    var folder = pool.snapshot(snapshot.id());
    return describe(folder, snapshot.in(Stage.READY)).then(_ -> flush(folder, image));
  }

  /** Tells the description beside the image what has changed. */
  Answer<Nothing> describe(VolumeRecord volume) {
    var folder = pool.volume(volume.id());
    return describe(folder, volume).then(_ -> flush(folder, pool.image(volume.id())));
  }

  /** Makes the image as large as the volume is meant to be; never smaller. */
  Answer<Nothing> grow(VolumeRecord volume) {
    var image = pool.image(volume.id());
    try {
      if (Files.size(image) >= volume.sizeBytes()) {
        return Answer.done();
      }
    } catch (IOException failure) {
      return failed("look at volume " + volume.id(), failure);
    }
    return size(volume, image).then(_ -> describe(volume));
  }

  /** Not there is fine. */
  Answer<Nothing> removeVolume(String volumeId) {
    return remove(pool.volume(volumeId));
  }

  /** Not there is fine. */
  Answer<Nothing> removeSnapshot(String snapshotId) {
    return remove(pool.snapshot(snapshotId));
  }

  private Answer<Nothing> begin(Path folder, Path image) {
    try {
      tools.entries().makeFolder(folder, PosixFilePermissions.fromString(Pool.OWNER_ONLY));
      tools.entries().makeFile(image);
      return Answer.done();
    } catch (IOException failure) {
      return failed("make " + image, failure);
    }
  }

  private Answer<Nothing> fill(Path image, Path origin) {
    if (pool.sharing()) {
      return of(tools.copies().share(origin, image));
    }
    try {
      // A copy of data alone would not be as long as its origin when that ends in a hole.
      tools.entries().lengthen(image, Files.size(origin));
    } catch (IOException failure) {
      return failed("size " + image, failure);
    }
    return of(tools.copies().copy(origin, image));
  }

  private Answer<Nothing> size(VolumeRecord volume, Path image) {
    try {
      tools.entries().lengthen(image, volume.sizeBytes());
    } catch (IOException failure) {
      return failed("size the image of volume " + volume.id(), failure);
    }
    return volume.allocation() == Allocation.THICK
        ? of(tools.space().allocate(image, volume.sizeBytes()))
        : Answer.done();
  }

  private Answer<Nothing> format(VolumeRecord volume, Path image) {
    return switch (volume.content()) {
      case Content.Raw() -> Answer.done();
      case Content.FileSystem(var fsType) -> tools.maker().make(FsType.of(fsType), image);
    };
  }

  private Answer<Nothing> tellApart(VolumeRecord volume, Path image) {
    return switch (volume.content()) {
      case Content.Raw() -> Answer.done();
      case Content.FileSystem(var fsType) -> tools.maker().tellApart(FsType.of(fsType), image);
    };
  }

  /** What the journal should ever lose can be read here. */
  private static Answer<Nothing> describe(Path folder, Journaled record) {
    try {
      RecordFile.write(folder.resolve(Pool.DESCRIPTION), record.id(), record.fields());
      return Answer.done();
    } catch (IOException failure) {
      return failed("describe " + folder, failure);
    }
  }

  private Answer<Nothing> flush(Path folder, Path image) {
    try {
      tools.space().flush(image);
      tools.space().flush(folder.resolve(Pool.DESCRIPTION));
      tools.space().flush(folder);
      tools.space().flush(folder.resolveSibling(""));
      return Answer.done();
    } catch (IOException failure) {
      return failed("flush " + image, failure);
    }
  }

  private Answer<Nothing> orRemoved(Answer<Nothing> answer, Path folder) {
    return switch (answer) {
      case Answer.Done<Nothing> _ -> answer;
      case Answer.Refused<Nothing> _ ->
          switch (remove(folder)) {
            case Answer.Done<Nothing> _ -> answer;
            case Answer.Refused<Nothing> alsoFailed -> alsoFailed;
          };
    };
  }

  private Answer<Nothing> remove(Path folder) {
    try {
      tools.entries().remove(folder.resolve(Pool.IMAGE));
      tools.entries().remove(folder.resolve(Pool.DESCRIPTION));
      tools.entries().remove(folder.resolve(Pool.DESCRIPTION + ".tmp"));
      tools.entries().remove(folder);
      tools.space().flush(folder.resolveSibling(""));
      return Answer.done();
    } catch (IOException failure) {
      return failed("remove " + folder, failure);
    }
  }

  private static Answer<Nothing> of(NativeResult<Path> result) {
    return switch (result) {
      case NativeResult.Value<Path> _ -> Answer.done();
      case NativeResult.Failed<Path> failed ->
          Answer.refused(
              failed.errno().equals(Errno.ENOSPC) ? Reason.RESOURCE_EXHAUSTED : Reason.INTERNAL,
              "could not " + failed.message());
    };
  }

  private static Answer<Nothing> failed(String attempt, IOException failure) {
    var full = String.valueOf(failure.getMessage()).contains("No space left on device");
    return Answer.refused(
        full ? Reason.RESOURCE_EXHAUSTED : Reason.INTERNAL,
        "could not %s: %s".formatted(attempt, failure));
  }
}
