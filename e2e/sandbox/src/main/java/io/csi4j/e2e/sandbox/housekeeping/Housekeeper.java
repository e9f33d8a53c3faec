package io.csi4j.e2e.sandbox.housekeeping;

import io.csi4j.e2e.sandbox.api.Hands;
import io.csi4j.e2e.sandbox.api.Holdings;
import io.csi4j.e2e.sandbox.store.Change;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that does the {@link Duty duties}, change by change. */
public final class Housekeeper implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Housekeeper.class);

  private final LinkedBlockingQueue<Change> changes = new LinkedBlockingQueue<>();
  private final Set<Duty> duties;
  private final Dependants dependants;
  private final Protection protection;
  private final Containers containers;
  private final Thread thread;
  private volatile boolean closed;

  public Housekeeper(Holdings holdings, Hands hands, Set<Duty> duties) {
    this.duties = Set.copyOf(duties);
    this.dependants = new Dependants(holdings, hands);
    this.protection = new Protection(holdings, hands);
    this.containers = new Containers(holdings, hands);
    holdings.store().observe(changes::add);
    this.thread = holdings.surroundings().spawn().spawn("sandbox-housekeeper", this::run);
  }

  private void run() {
    try {
      while (!closed) {
        look(changes.take());
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private void look(Change change) {
    try {
      if (duties.contains(Duty.DEPENDANTS)) {
        dependants.look(change);
      }
      if (duties.contains(Duty.PROTECTION)) {
        protection.look(change);
      }
      if (duties.contains(Duty.CONTAINERS)) {
        containers.look(change);
      }
    } catch (RuntimeException bug) {
      log.atError()
          .setCause(bug)
          .addKeyValue("object", change.shelf() + " " + change.key())
          .log("housekeeping failed for a fault of the sandbox");
    }
  }

  @Override
  public void close() {
    // What is left to do in a sandbox that nobody sees any more is left undone.
    closed = true;
    thread.interrupt();
  }
}
