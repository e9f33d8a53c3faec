package io.csi4j.app.demo;

import io.csi4j.sidecars.kit.component.Component;
import io.csi4j.sidecars.kit.doors.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/** Parts of the program that run in this process; ended in reverse. */
final class PartsOfDemo implements AutoCloseable {
  private final Time time;
  private final AtomicReference<String> failure = new AtomicReference<>("");

  /** Belongs to the thread of the story. */
  private final List<Running> running = new ArrayList<>();

  /** A part that runs until it is closed. */
  static final class Running implements AutoCloseable {
    private final Component component;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private Running(Component component) {
      this.component = component;
    }

    @Override
    public void close() {
      component.close();
      ended.join();
    }
  }

  PartsOfDemo(Time time) {
    this.time = time;
  }

  Running start(String name, Component component) {
    var part = new Running(component);
    running.add(part);
    time.spawn(
        "csi4j-demo-" + name,
        () -> {
          try {
            component.run();
          } catch (RuntimeException e) {
            failure.compareAndSet("", "the %s ended: %s".formatted(name, e.getMessage()));
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          } finally {
            part.ended.complete(null);
          }
        });
    return part;
  }

  void end(Running part) {
    running.remove(part);
    part.close();
  }

  /** Why a part has ended that should run. */
  Optional<String> failure() {
    return Optional.of(failure.get()).filter(text -> !text.isEmpty());
  }

  @Override
  public void close() {
    running.reversed().forEach(Running::close);
    running.clear();
  }
}
