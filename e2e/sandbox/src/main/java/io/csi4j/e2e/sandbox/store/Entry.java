package io.csi4j.e2e.sandbox.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import org.jspecify.annotations.Nullable;

/** An object as it was at one revision. Nobody may change the tree: take a copy first. */
public final class Entry {
  private final ObjectNode object;
  private final long revision;

  /** Written once, lazily; two threads may both write it, with equal bytes. */
  private volatile byte @Nullable [] bytes;

  Entry(ObjectNode object, long revision) {
    this.object = object;
    this.revision = revision;
  }

  public ObjectNode object() {
    return object;
  }

  public ObjectNode copy() {
    return object.deepCopy();
  }

  public long revision() {
    return revision;
  }

  public String name() {
    return Json.text(object, "metadata", "name");
  }

  public String namespace() {
    return Json.text(object, "metadata", "namespace");
  }

  /** The same content at a later revision. */
  public Entry at(long later) {
    var same = copy();
    Json.child(same, "metadata").put("resourceVersion", Long.toString(later));
    return new Entry(same, later);
  }

  /** The object as JSON: serialised once, however many watch it. */
  public byte[] bytes() {
    var known = bytes;
    if (known == null) {
      known = Json.bytes(object);
      bytes = known;
    }
    return known;
  }
}
