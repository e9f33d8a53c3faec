package io.csi4j.e2e.sandbox.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * An object as it was at one revision. Nobody may change the tree: take a copy first.
 *
 * <p>A tree takes ten times the room of its text. What is history only keeps the text and is read
 * again by the few who look.
 */
public final class Entry {
  private final long revision;

  /** At least one of the two is there. Two threads may both make one, with equal content. */
  private volatile @Nullable ObjectNode tree;

  private volatile byte @Nullable [] bytes;

  Entry(ObjectNode object, long revision) {
    this.tree = object;
    this.revision = revision;
  }

  public ObjectNode object() {
    var known = tree;
    return known == null ? read(bytes()) : known;
  }

  private static ObjectNode read(byte[] text) {
    try {
      return (ObjectNode) Json.parse(text);
    } catch (IOException e) {
      throw new UncheckedIOException("the store cannot read what it wrote", e);
    }
  }

  /** A copy that the caller may change. */
  public ObjectNode copy() {
    var known = tree;
    return known == null ? read(bytes()) : known.deepCopy();
  }

  public long revision() {
    return revision;
  }

  public String name() {
    return Json.text(object(), "metadata", "name");
  }

  public String namespace() {
    return Json.text(object(), "metadata", "namespace");
  }

  /** The same content at a later revision. */
  public Entry at(long later) {
    var same = copy();
    Json.child(same, "metadata").put("resourceVersion", Long.toString(later));
    return new Entry(same, later);
  }

  /** Another state has taken this one's place. */
  void retire() {
    bytes();
    tree = null;
  }

  /** The object as JSON: serialised once, however many watch it. */
  public byte[] bytes() {
    var known = bytes;
    if (known == null) {
      var object = tree;
      if (object == null) {
        throw new IllegalStateException("an entry without content at revision " + revision);
      }
      known = Json.bytes(object);
      bytes = known;
    }
    return known;
  }
}
