package io.csi4j.driver.spi;

import io.csi4j.driver.spi.Answer.Nothing;
import java.nio.file.Path;
import java.util.List;

/**
 * Volumes that show up as block devices on this node: all that a backend of that kind says about
 * its node side. File systems, staging and publishing are the framework's ({@code
 * io.csi4j.driver.framework.mount.DeviceNode}).
 *
 * <p>Every question is about now, and is answered by looking at the machine, not at lists: the
 * process may have been killed, the node restarted, or somebody may have tidied up by hand.
 */
public interface BlockDevices {

  /** {@code NOT_FOUND} when there is no such volume. */
  Answer<Content> find(String volumeId);

  /** Makes the volume a device of this node, or finds the one that it is already. */
  Answer<DeviceHold> attach(String volumeId, Use use, StageData data);

  /** The devices that the volume is at present; also those that a deleted volume left behind. */
  List<AttachedDevice> attached(String volumeId);

  /** Takes the device away; already gone is fine. */
  Answer<Nothing> detach(String volumeId, AttachedDevice device);

  /** What is on a volume. */
  sealed interface Content {

    /** Nothing that we know of: its user sees the device. */
    record Raw() implements Content {}

    /** A file system, made when the volume was made. */
    record FileSystem(String fsType) implements Content {}
  }

  /** What a device is attached for. */
  enum Use {
    /**
     * To be mounted: it may go away with its last mount, and should, so that a crash leaves nothing
     * behind.
     */
    MOUNT,
    /** To be handed out as a device: it stays until it is detached. */
    RAW,
    /** The same, and nobody can write to it, whatever the mode of the node in the file system. */
    RAW_READ_ONLY
  }

  /** A device of a volume. */
  record AttachedDevice(Path node, DeviceNumber number, Writing writing) {}

  /** Keeps a device from going away by itself while it is about to be mounted. */
  interface DeviceHold extends AutoCloseable {

    Path node();

    @Override
    void close();
  }
}
