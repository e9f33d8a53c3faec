package io.csi4j.sidecars.kit.journal;

import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Intent;
import io.csi4j.sidecars.kit.doors.Journal;
import io.csi4j.sidecars.kit.doors.Need;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.doors.Verb;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Intents in {@code SHARDS} ConfigMaps called {@code <lease>-intents-<n>}: all in the first one, so
 * that as many as can be share a write; the next is taken when that is full. Where the right to use
 * them is missing, it says so once and keeps intents in memory, which is all that the Go tools do.
 */
public final class ConfigMapJournal implements Journal {

  /** Without it intents are kept in memory. */
  public static final Need NEED =
      Need.of(ShardObject.KIND, Verb.GET, Verb.CREATE, Verb.UPDATE).atHome().when("intents");

  private static final Logger log = LoggerFactory.getLogger(ConfigMapJournal.class);

  /** Part of the format: with fewer, intents of an earlier version are not found. */
  static final int SHARDS = 8;

  private static final String ENCODED = "_b64-";
  private static final int KEY_CHARACTERS_MAX = 253;
  private static final Pattern KEY =
      Pattern.compile("(?!%s)[-._a-zA-Z0-9]{1,%d}".formatted(ENCODED, KEY_CHARACTERS_MAX));

  private final Time time;
  private final List<JournalShard> shards = new ArrayList<>();
  private final Journal memory = new MemoryJournal();
  private final AtomicBoolean withoutRights = new AtomicBoolean();

  /** Beside this lease, whose leader writes it. */
  public ConfigMapJournal(Cluster cluster, Time time, ObjectKey lease) {
    this(cluster, time, lease, ShardContent.BYTES_MAX);
  }

  /** With smaller objects, to see what happens when they are full. */
  public ConfigMapJournal(Cluster cluster, Time time, ObjectKey lease, long bytesMax) {
    this.time = time;
    for (var i = 0; i < SHARDS; i++) {
      var writer = new ShardWriter(cluster, time, key(lease, i), bytesMax);
      shards.add(new JournalShard(time, writer, bytesMax));
    }
  }

  static ObjectKey key(ObjectKey lease, int shard) {
    return new ObjectKey(lease.namespace(), "%s-intents-%d".formatted(lease.name(), shard));
  }

  @Override
  public void open(Intent intent) {
    if (!withoutRights.get()) {
      try {
        var entry = entry(intent.name());
        var text = IntentText.of(intent);
        shardFor(entry, text).put(entry, text);
        return;
      } catch (ApiFailure.Forbidden e) {
        goOnWithoutRights(e);
      }
    }
    memory.open(intent);
  }

  @Override
  public void close(String name) {
    memory.close(name);
    if (!withoutRights.get()) {
      var entry = entry(name);
      shards.stream().filter(shard -> shard.mayHold(entry)).forEach(shard -> shard.remove(entry));
    }
  }

  @Override
  public List<Intent> pending() {
    var intents = new ArrayList<>(memory.pending());
    if (withoutRights.get()) {
      return intents;
    }
    var texts = new LinkedHashMap<String, String>();
    try {
      // All at once: a change of leaders waits for this, and a busy server takes its time.
      var takeOvers = shards.stream().map(shard -> TakeOver.begin(time, shard::takeOver)).toList();
      for (var takeOver : takeOvers) {
        takeOver.await().forEach(texts::putIfAbsent);
      }
    } catch (ApiFailure.Forbidden e) {
      goOnWithoutRights(e);
    }
    texts.forEach((entry, text) -> addIfReadable(intents, entry, text));
    return intents;
  }

  static void addIfReadable(List<Intent> intents, String entry, String text) {
    var intent = IntentText.read(text);
    if (intent.isEmpty()) {
      log.atWarn().addKeyValue("entry", entry).log("left an intent alone: not of this version");
    }
    intent.ifPresent(intents::add);
  }

  private void goOnWithoutRights(ApiFailure.Forbidden why) {
    if (!withoutRights.getAndSet(true)) {
      log.atWarn()
          .addKeyValue("reason", why.getMessage())
          .log(
              "keeping intents in memory only: a crash at the wrong moment can leak a volume;"
                  + " grant get, create and update on configmaps beside the lease");
    }
  }

  /** Where it is already, else the first with room; a full one refuses. */
  private JournalShard shardFor(String entry, String text) {
    return shards.stream()
        .filter(shard -> shard.mayHold(entry))
        .findFirst()
        .or(() -> shards.stream().filter(shard -> shard.hasRoom(entry, text)).findFirst())
        .orElseGet(shards::getFirst);
  }

  /** Names are mostly keys of a ConfigMap already; two names never share a key. */
  private static String entry(String name) {
    if (KEY.matcher(name).matches()) {
      return name;
    }
    var entry =
        ENCODED
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(name.getBytes(StandardCharsets.UTF_8));
    if (entry.length() > KEY_CHARACTERS_MAX) {
      throw new ApiFailure.Invalid("journal: name is too long to be kept: " + name);
    }
    return entry;
  }
}
