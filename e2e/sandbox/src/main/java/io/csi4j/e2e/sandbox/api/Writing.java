package io.csi4j.e2e.sandbox.api;

import io.csi4j.e2e.sandbox.access.Tokens;
import io.csi4j.e2e.sandbox.access.User;
import io.csi4j.e2e.sandbox.faults.Fault;
import io.csi4j.e2e.sandbox.faults.Faults;
import io.csi4j.e2e.sandbox.faults.Trace;
import io.csi4j.e2e.sandbox.faults.WriteCall;
import io.csi4j.e2e.sandbox.status.ApiFailure;
import io.csi4j.e2e.sandbox.store.Change;
import java.time.Duration;
import java.util.Optional;

/** All writes pass here: what is planned to go wrong goes wrong, and everything is written down. */
public final class Writing {
  private static final WriteCall INSIDE = new WriteCall("sandbox", "", "", "", "", "");
  private static final ScopedValue<WriteCall> CALL = ScopedValue.newInstance();

  private final Holdings holdings;
  private final Faults faults;
  private final Trace trace;
  private final Creation creation;
  private final Updating updating;
  private final Removal removal;
  private final Parts parts;

  public Writing(Holdings holdings, Tokens tokens, Faults faults, Trace trace) {
    this.holdings = holdings;
    this.faults = faults;
    this.trace = trace;
    this.creation = new Creation(holdings);
    this.updating = new Updating(holdings, creation);
    this.removal = new Removal(holdings);
    this.parts = new Parts(holdings, tokens);
    holdings.store().observe(this::record);
  }

  private void record(Change change) {
    var code = change.type() == Change.Type.ADDED ? 201 : 200;
    trace.add(holdings.now(), CALL.orElse(INSIDE), code, Optional.of(change));
  }

  Answer write(User user, String verb, Target target, Request request) {
    var call =
        new WriteCall(
            user.name(),
            verb,
            target.type().group(),
            target.resource(),
            target.namespace(),
            target.name());
    return switch (faults.next(call)) {
      case Fault.None() -> carryOut(call, target, request);
      case Fault.Delay(var pause) -> {
        sleep(pause);
        yield carryOut(call, target, request);
      }
      case Fault.Refuse(var code, var reason, var message) ->
          refused(call, ApiFailure.of(code, reason, message));
      case Fault.FailAfter(var code, var reason, var message) -> {
        carryOut(call, target, request);
        yield Answer.failure(ApiFailure.of(code, reason, message));
      }
      case Fault.CutBefore() -> new Answer.Cut();
      case Fault.CutAfter() -> {
        carryOut(call, target, request);
        yield new Answer.Cut();
      }
    };
  }

  /** A write of those inside, which no fault meets. */
  public Answer inside(String verb, Target target, Request request) {
    return ScopedValue.where(
            CALL,
            new WriteCall(
                "sandbox",
                verb,
                target.type().group(),
                target.resource(),
                target.namespace(),
                target.name()))
        .call(() -> dispatch(verb, target, request));
  }

  private Answer carryOut(WriteCall call, Target target, Request request) {
    try {
      return ScopedValue.where(CALL, call).call(() -> dispatch(call.verb(), target, request));
    } catch (ApiFailure failure) {
      return refused(call, failure);
    }
  }

  private Answer refused(WriteCall call, ApiFailure failure) {
    trace.add(holdings.now(), call, failure.code(), Optional.empty());
    return Answer.failure(failure);
  }

  private Answer dispatch(String verb, Target target, Request request) {
    return switch (verb) {
      case "create" ->
          target.isCollection() ? creation.create(target, request) : parts.create(target, request);
      case "update" -> updating.update(target, request);
      case "patch" -> updating.patch(target, request);
      case "delete" -> removal.delete(target, request);
      default -> collection(target, request);
    };
  }

  private Answer collection(Target target, Request request) {
    // The answer lists what is to go.
    var found = new Listing(holdings).list(target, request);
    var selection = Selection.of(request, target.type());
    for (var entry : holdings.store().all(target.type().shelf())) {
      var here = target.namespace().isEmpty() || entry.namespace().equals(target.namespace());
      if (here && selection.test(entry.object())) {
        removeIfThere(new Target(target.type(), entry.namespace(), entry.name(), ""), request);
      }
    }
    return found;
  }

  private void removeIfThere(Target target, Request request) {
    try {
      removal.delete(target, request);
    } catch (ApiFailure failure) {
      if (failure.code() != 404) {
        throw failure;
      }
    }
  }

  private void sleep(Duration pause) {
    try {
      holdings.surroundings().sleep().sleep(pause);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
