package io.csi4j.e2e.sandbox.api;

import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.store.Entry;
import io.csi4j.e2e.sandbox.store.Transition;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One write to one object, for real or for show. */
record Draft(Holdings holdings, Target target, Request request) {

  /** Writes, and answers with the object as it is afterwards. */
  Answer write(int code, Function<@Nullable Entry, Transition> decide, List<String> warnings) {
    var shown = new AtomicReference<byte[]>(new byte[0]);
    var type = target.type();
    var change =
        holdings
            .store()
            .write(
                type.shelf(),
                target.key(),
                before -> {
                  var next = decide.apply(before);
                  switch (next) {
                    case Transition.Keep() when before != null ->
                        shown.set(Outgoing.bytes(type, before));
                    case Transition.Keep() -> {}
                    case Transition.Put(var object) when request.isDryRun() ->
                        shown.set(Json.bytes(Outgoing.shown(type, object)));
                    case Transition.Remove(var last) when request.isDryRun() ->
                        shown.set(Json.bytes(Outgoing.shown(type, last)));
                    case Transition.Put _, Transition.Remove _ -> {}
                  }
                  return request.isDryRun() ? new Transition.Keep() : next;
                });
    change.ifPresent(written -> shown.set(Outgoing.bytes(type, written.after())));
    return withWarnings(Answer.json(code, shown.get()), warnings);
  }

  private static Answer withWarnings(Answer.Whole answer, List<String> warnings) {
    return warnings.isEmpty()
        ? answer
        : answer.with(
            "Warning", "299 - \"%s\"".formatted(String.join(", ", warnings).replace("\"", "\\\"")));
  }
}
