package io.csi4j.sidecars.kit.explain;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * What is to be said of an object.
 *
 * @param state one word: settled, waiting, failing, acting, not-ours or missing
 * @param cause a word that does not change between versions, empty where there is none
 * @param why for people, empty where there is nothing to say
 * @param next what would be done, in order
 * @param seen what it was concluded from
 * @param more what is to be said of objects that come after this one, such as a volume's
 *     attachments
 */
public record Explanation(
    String object,
    String state,
    String cause,
    String why,
    List<String> next,
    Map<String, String> seen,
    List<Explanation> more) {

  public Explanation(
      String object,
      String state,
      String cause,
      String why,
      List<String> next,
      Map<String, String> seen) {
    this(object, state, cause, why, next, seen, List.of());
  }

  public Explanation with(List<Explanation> others) {
    return new Explanation(object, state, cause, why, next, seen, List.copyOf(others));
  }

  public String text() {
    var text = new StringBuilder("%s: %s%n".formatted(object, state));
    if (!why.isEmpty()) {
      text.append("  why:   %s%n".formatted(why));
    }
    for (var step : next) {
      text.append("  next:  %s%n".formatted(step));
    }
    seen.forEach((name, value) -> text.append("  seen:  %s: %s%n".formatted(name, value)));
    more.forEach(each -> text.append(each.text()));
    return text.toString();
  }

  public String json() {
    return tree().toPrettyString() + System.lineSeparator();
  }

  private ObjectNode tree() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("object", object).put("state", state).put("cause", cause).put("why", why);
    next.forEach(json.putArray("next")::add);
    seen.forEach(json.putObject("seen")::put);
    if (!more.isEmpty()) {
      var others = json.putArray("more");
      more.forEach(each -> others.add(each.tree()));
    }
    return json;
  }
}
