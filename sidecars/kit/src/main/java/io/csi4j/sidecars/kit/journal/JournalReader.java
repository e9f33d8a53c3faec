package io.csi4j.sidecars.kit.journal;

import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Intent;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** Intents of whoever leads, for those who only want to know: nothing is taken over or written. */
public final class JournalReader {
  private final Cluster cluster;
  private final ObjectKey lease;

  public JournalReader(Cluster cluster, ObjectKey lease) {
    this.cluster = cluster;
    this.lease = lease;
  }

  /** What is open now; closed ones are still among them for a moment. */
  public List<Intent> intents() {
    var texts = new LinkedHashMap<String, String>();
    for (var i = 0; i < ConfigMapJournal.SHARDS; i++) {
      cluster
          .read(ShardObject.KIND, ConfigMapJournal.key(lease, i))
          .ifPresent(shard -> shard.content().entries().forEach(texts::putIfAbsent));
    }
    var intents = new ArrayList<Intent>();
    texts.forEach((entry, text) -> ConfigMapJournal.addIfReadable(intents, entry, text));
    return intents;
  }
}
