package io.csi4j.e2e.sandbox.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All kinds that are served now. CRDs come and go, so the list is copied on every change. */
public final class Kinds {
  private static final List<ResourceType> BUILT_IN = BuiltInKinds.all();

  /** Replaced as a whole, under this object's monitor. */
  private volatile Map<String, ResourceType> types = index(BUILT_IN);

  /** Looks a kind up as a path names it. */
  public Optional<ResourceType> find(String group, String version, String plural) {
    return Optional.ofNullable(types.get(path(group, version, plural)));
  }

  /** A built-in kind; for those who know that it is there. */
  public ResourceType builtIn(String group, String plural) {
    return find(group, "v1", plural)
        .orElseThrow(() -> new IllegalStateException("no kind " + plural + " in group " + group));
  }

  /** Any served version of what an owner reference or an involved object names. */
  public Optional<ResourceType> byKind(String apiVersion, String kind) {
    return types.values().stream()
        .filter(type -> type.apiVersion().equals(apiVersion) && type.kind().equals(kind))
        .findFirst();
  }

  public List<ResourceType> all() {
    return List.copyOf(types.values());
  }

  /** One version of each kind. */
  public List<ResourceType> shelves() {
    var byShelf = new LinkedHashMap<String, ResourceType>();
    for (var type : types.values()) {
      if (!type.has(ResourceType.Trait.REVIEW)) {
        byShelf.putIfAbsent(type.shelf(), type);
      }
    }
    return List.copyOf(byShelf.values());
  }

  /** Serves what the CRDs define, and the built-in kinds. */
  public synchronized void define(List<? extends JsonNode> definitions) {
    var all = new ArrayList<>(BUILT_IN);
    for (var definition : definitions) {
      all.addAll(CustomKind.of(definition));
    }
    types = index(all);
  }

  private static Map<String, ResourceType> index(List<ResourceType> types) {
    var index = new LinkedHashMap<String, ResourceType>();
    for (var type : types) {
      index.put(path(type.group(), type.version(), type.plural()), type);
    }
    return index;
  }

  private static String path(String group, String version, String plural) {
    return group + "/" + version + "/" + plural;
  }
}
