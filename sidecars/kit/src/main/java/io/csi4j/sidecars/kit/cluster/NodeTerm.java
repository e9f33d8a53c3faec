package io.csi4j.sidecars.kit.cluster;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One alternative of a volume's node affinity: all its requirements must hold. */
public record NodeTerm(List<Requirement> requirements) {

  /** Something that a node's label must be. */
  public record Requirement(String key, String operator, List<String> values) {

    boolean holds(Map<String, String> labels) {
      var value = labels.get(key);
      return switch (operator) {
        case "In" -> value != null && values.contains(value);
        case "NotIn" -> value == null || !values.contains(value);
        case "Exists" -> value != null;
        case "DoesNotExist" -> value == null;
        case "Gt" -> compared(value) > 0;
        case "Lt" -> compared(value) < 0;
        default -> false;
      };
    }

    /** Zero also where there is nothing to compare. */
    private int compared(@Nullable String value) {
      if (value == null || values.size() != 1 || !isNumber(value) || !isNumber(values.getFirst())) {
        return 0;
      }
      return Long.compare(Long.parseLong(value), Long.parseLong(values.getFirst()));
    }

    private static boolean isNumber(String text) {
      return text.matches("-?\\d{1,18}");
    }
  }

  /** A term without requirements holds nowhere. */
  public boolean holds(Map<String, String> labels) {
    return !requirements.isEmpty() && requirements.stream().allMatch(each -> each.holds(labels));
  }

  /** Reads {@code spec.nodeAffinity}. */
  static List<NodeTerm> read(JsonParser json) throws IOException {
    var terms = new ArrayList<NodeTerm>();
    Fields.each(
        json,
        field -> {
          if (field.equals("required")) {
            Fields.each(
                json,
                name -> {
                  if (name.equals("nodeSelectorTerms")) {
                    terms.addAll(Fields.list(json, NodeTerm::term));
                  }
                });
          }
        });
    return terms.isEmpty() ? List.of() : List.copyOf(terms);
  }

  private static NodeTerm term(JsonParser json) throws IOException {
    var requirements = new ArrayList<Requirement>();
    Fields.each(
        json,
        field -> {
          if (field.equals("matchExpressions")) {
            requirements.addAll(Fields.list(json, NodeTerm::requirement));
          }
        });
    return new NodeTerm(List.copyOf(requirements));
  }

  private static Requirement requirement(JsonParser json) throws IOException {
    var texts = new String[] {"", ""};
    var values = new ArrayList<String>();
    Fields.each(
        json,
        field -> {
          switch (field) {
            case "key" -> texts[0] = Fields.sharedText(json);
            case "operator" -> texts[1] = Fields.sharedText(json);
            case "values" -> values.addAll(Fields.sharedTexts(json));
            default -> {}
          }
        });
    return new Requirement(texts[0], texts[1], List.copyOf(values));
  }
}
