package io.csi4j.e2e.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.clock.Surroundings;
import io.csi4j.e2e.sandbox.kinds.Kinds;
import io.csi4j.e2e.sandbox.rules.World;
import io.csi4j.e2e.sandbox.store.Entry;
import io.csi4j.e2e.sandbox.store.Store;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** All that the API has: its objects, its kinds, and what it takes from outside. */
public record Holdings(Store store, Kinds kinds, Surroundings surroundings) implements World {

  @Override
  public Optional<ObjectNode> find(String group, String plural, String namespace, String name) {
    return store.get(shelf(group, plural), Store.key(namespace, name)).map(Entry::object);
  }

  @Override
  public List<ObjectNode> all(String group, String plural) {
    return store.all(shelf(group, plural)).stream().map(Entry::object).toList();
  }

  @Override
  public Instant now() {
    return surroundings.instants().instant();
  }

  private static String shelf(String group, String plural) {
    return group.isEmpty() ? plural : plural + "." + group;
  }
}
