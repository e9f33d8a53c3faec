package io.csi4j.sidecars.provisioner;

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
 */
record Explanation(
    String object,
    String state,
    String cause,
    String why,
    List<String> next,
    Map<String, String> seen) {

  String text() {
    var text = new StringBuilder("%s: %s%n".formatted(object, state));
    if (!why.isEmpty()) {
      text.append("  why:   %s%n".formatted(why));
    }
    for (var step : next) {
      text.append("  next:  %s%n".formatted(step));
    }
    seen.forEach((name, value) -> text.append("  seen:  %s: %s%n".formatted(name, value)));
    return text.toString();
  }

  String json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("object", object).put("state", state).put("cause", cause).put("why", why);
    next.forEach(json.putArray("next")::add);
    seen.forEach(json.putObject("seen")::put);
    return json.toPrettyString() + System.lineSeparator();
  }
}
