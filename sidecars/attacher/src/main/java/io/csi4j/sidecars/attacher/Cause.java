package io.csi4j.sidecars.attacher;

/**
 * The word for why an attachment is not what it should be, by the attacher's own texts. Pure. It
 * does not change between versions, so that programs can go by it.
 */
final class Cause {

  private Cause() {}

  static String wordFor(String why) {
    if (why.contains("rpc error: code = ")) {
      return "driver-error";
    }
    if (why.contains("must go first") || why.startsWith("could not detach the volume from node")) {
      return "held-elsewhere";
    }
    if (why.startsWith("csinode")) {
      return "node-gone";
    }
    if (why.startsWith("CSINode ")) {
      return "driver-not-on-node";
    }
    if (why.startsWith("persistentvolume ")) {
      return "volume-gone";
    }
    if (why.contains("is marked for deletion")) {
      return "volume-deleting";
    }
    return why.startsWith("failed to load secret") ? "secret" : sourceOrServer(why);
  }

  private static String sourceOrServer(String why) {
    if (why.contains("CSI") || why.contains("non-csi source")) {
      return "source-not-usable";
    }
    return why.startsWith("could not ") || why.startsWith("patch ") ? "api-server" : "refused";
  }
}
