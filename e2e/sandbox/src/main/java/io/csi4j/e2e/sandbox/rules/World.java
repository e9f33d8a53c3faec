package io.csi4j.e2e.sandbox.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What rules may look at besides the object itself. Nobody may change what it hands out. */
public interface World {

  Optional<ObjectNode> find(String group, String plural, String namespace, String name);

  List<ObjectNode> all(String group, String plural);

  Instant now();
}
