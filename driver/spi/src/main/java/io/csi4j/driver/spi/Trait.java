package io.csi4j.driver.spi;

/** What a driver can do and cannot show by a part of its own. */
public enum Trait {
  /** Volumes are not reachable from everywhere; topology is read and reported. */
  TOPOLOGY,
  /** {@link AttachmentSpec#writing} is honoured. */
  ATTACH_READ_ONLY,
  /**
   * The modes {@code SINGLE_NODE_SINGLE_WRITER} and {@code SINGLE_NODE_MULTI_WRITER} are told
   * apart.
   */
  SINGLE_NODE_MULTI_WRITER,
  /** Volumes can be made {@link ContentSource.FromVolume}. */
  CLONE,
  /** {@link VolumeListing#volume} is offered; CSI calls it alpha. */
  GET_VOLUME,
  /** {@link Snapshots#findSnapshot} is offered by itself; CSI calls it alpha. */
  GET_SNAPSHOT,
  /** Listing snapshots is not offered. */
  NO_SNAPSHOT_LISTING,
  /** Snapshots too are not reachable from everywhere; CSI calls it alpha. */
  SNAPSHOT_TOPOLOGY
}
