package io.csi4j.sidecars.attacher;

/** What follows for an attachment from the driver's list of published volumes. Pure. */
enum Finding {
  /** Nothing: status and driver agree, or nobody can tell. */
  NOTHING,
  /** There is something to do that is not being done at the moment: now is as good as later. */
  LOOK,
  /** The status says that all is done, and the driver says otherwise. */
  DOUBT;

  static Finding of(AttachFacts facts, Listing.Complete listing) {
    var attachment = facts.attachment();
    var source = facts.volume() == null ? null : facts.volume().csi();
    var registered = facts.registeredNodeId();
    var nodeId = registered == null ? facts.publishedNodeId() : registered;
    if (source == null || nodeId == null) {
      return NOTHING;
    }
    if (attachment.attached() == listing.has(source.handle(), nodeId)) {
      return NOTHING;
    }
    var settled = attachment.meta().deleting() ? !facts.attachmentHeld() : attachment.attached();
    return settled ? DOUBT : LOOK;
  }
}
