package io.csi4j.e2e.sandbox.actors.history;

import com.google.protobuf.Message;
import io.csi4j.e2e.sandbox.faults.Trace;
import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/** Everything that happened, in order. All methods may be called from any thread. */
public final class History {
  private static final int ENTRIES_MAX = 500_000;

  private final InstantSource clock;

  /** Guarded by itself. */
  private final List<Entry> entries = new ArrayList<>();

  public History(InstantSource clock) {
    this.clock = clock;
  }

  /** Writes down what the trace hears of from now on. */
  public void follow(Trace trace) {
    trace.listen(line -> add(number -> new Entry.Write(number, clock.instant(), line)));
  }

  public Entry.Started started(CsiCall call) {
    return add(number -> new Entry.Started(number, clock.instant(), call, paths(call)));
  }

  /** See {@link Entry.Ended}. */
  public void ended(
      Entry.Started begin, Status.Code effect, Status.Code told, Optional<Message> response) {
    add(
        number ->
            new Entry.Ended(
                number,
                clock.instant(),
                begin.number(),
                begin.call(),
                effect,
                told,
                response,
                paths(begin.call())));
  }

  private <E extends Entry> E add(LongFunction<E> made) {
    synchronized (entries) {
      if (entries.size() == ENTRIES_MAX) {
        throw new IllegalStateException("more happened than a history may hold");
      }
      var entry = made.apply(entries.size() + 1L);
      entries.add(entry);
      return entry;
    }
  }

  private static Entry.Paths paths(CsiCall call) {
    return new Entry.Paths(
        call.target().filter(History::exists).isPresent(),
        call.target().map(Path::getParent).filter(Files::isDirectory).isPresent());
  }

  private static boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  public List<Entry> entries() {
    synchronized (entries) {
      return List.copyOf(entries);
    }
  }

  /** All finished calls of a method, in the order of their ends. */
  public List<Entry.Ended> calls(String method) {
    return ended().filter(entry -> entry.call().is(method)).toList();
  }

  public Stream<Entry.Ended> ended() {
    return entries().stream().filter(Entry.Ended.class::isInstance).map(Entry.Ended.class::cast);
  }

  public Stream<Entry.Write> writes() {
    return entries().stream().filter(Entry.Write.class::isInstance).map(Entry.Write.class::cast);
  }

  /** One line per entry, for a test that failed. */
  public String text() {
    var text = new StringBuilder();
    for (var entry : entries()) {
      text.append("%6d %s %s%n".formatted(entry.number(), entry.at(), entry));
    }
    return text.toString();
  }
}
