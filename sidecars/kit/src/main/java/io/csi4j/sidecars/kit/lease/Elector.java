package io.csi4j.sidecars.kit.lease;

import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.Time;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Campaigns for a lease, runs the leader's work while it holds it, and campaigns again when it was
 * lost, until it is closed.
 *
 * <p>States: <i>candidate</i> (tries, waits until it is worth another try), <i>leader</i> (the work
 * runs on the caller's fiber, renewals on one of their own). A term ends at a deadline that does
 * not depend on the renewing fiber, which may hang in a request. Leader and candidate share one
 * {@link LeaseClaim}, so the next campaign waits for the last renewal to come home.
 */
final class Elector implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Elector.class);

  private final LeaseClaim claim;
  private final LeaseNews news;
  private final Time time;
  private final Candidate candidate;
  private final LeaseTiming timing;
  private final OnLoss onLoss;
  private final TermWatcher watcher;
  private final Time.Signal closed;

  private volatile @Nullable Leadership current;

  Elector(
      Cluster leases,
      Time time,
      Candidate candidate,
      LeaseTiming timing,
      OnLoss onLoss,
      TermWatcher watcher) {
    this.claim = new LeaseClaim(leases, time, candidate, timing.lease(), watcher);
    this.news = new LeaseNews(leases, time, candidate.lease());
    this.time = time;
    this.candidate = candidate;
    this.timing = timing;
    this.onLoss = onLoss;
    this.watcher = watcher;
    this.closed = time.signal();
  }

  /** Returns after {@link #close}, or throws what the work threw. */
  void lead(Work work) throws InterruptedException {
    var pauseLog = "";
    watcher.stands(candidate);
    while (!closed.raised()) {
      switch (claim.attempt()) {
        case LeaseClaim.Result.Ours(var since, var lease) -> {
          term(work, since, lease);
          pauseLog = "";
        }
        case LeaseClaim.Result.Others(var holder) -> {
          pauseLog = changed(pauseLog, "led by " + holder);
          standBy();
        }
        case LeaseClaim.Result.Failed(var why) -> {
          pauseLog = changed(pauseLog, why);
          // Whatever is heard, the server can be asked again.
          var unused = news.await(timing.candidatePause(time.random().nextDouble()));
        }
      }
    }
  }

  /**
   * Until it is worth asking for the lease: it was given back, has run out, or nothing was heard of
   * it for so long that the watch may be broken.
   */
  private void standBy() {
    var others = true;
    while (others && !closed.raised()) {
      var pause = timing.standbyPause(news.silence(), time.random().nextDouble());
      var left = claim.left();
      var heard = news.await(pause.compareTo(left) < 0 ? pause : left);
      others = heard.isPresent() && claim.isOthers(heard.get());
    }
  }

  private String changed(String before, String now) {
    if (!before.equals(now)) {
      log.atInfo()
          .addKeyValue("lease", candidate.lease())
          .addKeyValue("reason", now)
          .log("waiting to lead");
    }
    return now;
  }

  private void term(Work work, long sinceNanos, Meta lease) throws InterruptedException {
    var term = Leadership.of(time, timing.lease(), sinceNanos);
    var home = time.signal();
    current = term;
    if (closed.raised()) {
      term.end();
    }
    log.atInfo()
        .addKeyValue("lease", candidate.lease())
        .addKeyValue("identity", candidate.identity())
        .log("became leader");
    watcher.began(candidate, lease);
    var idle = time.signal();
    time.spawn("csi4j-lease-renewal-" + candidate.identity(), () -> renew(term, idle, home));
    try {
      work.run(term);
    } finally {
      idle.raise();
      home.await(timing.requestLimit().multipliedBy(3));
      current = null;
      stepDown(term);
      watcher.stopped(candidate, lease);
    }
    if (!term.taken()) {
      // The work has ended by itself or was asked to: nothing is left to lead.
      closed.raise();
    } else if (onLoss == OnLoss.EXIT) {
      throw new Fatal("leader election lost: lease " + candidate.lease());
    }
  }

  private void stepDown(Leadership term) {
    if (term.taken()) {
      log.atWarn().addKeyValue("lease", candidate.lease()).log("stopped leading");
      return;
    }
    term.resign();
    try {
      claim.release();
      log.atInfo().addKeyValue("lease", candidate.lease()).log("gave the lease back");
    } catch (ApiFailure e) {
      log.atWarn()
          .addKeyValue("lease", candidate.lease())
          .addKeyValue("reason", e.getMessage())
          .log("could not give the lease back; it runs out by itself");
    }
  }

  /** Renews until the work has ended or the term is lost. */
  private void renew(Leadership term, Time.Signal idle, Time.Signal home) {
    try {
      while (!idle.await(timing.retry()) && !term.taken()) {
        renewalRound(term, idle);
      }
    } finally {
      if (!idle.raised()) {
        // Whatever ended the renewals, a bug included: nobody leads whose lease is not renewed.
        term.lose();
      }
      home.raise();
    }
  }

  /** Tries at once and then after each pause, until it succeeds or the term is lost. */
  private void renewalRound(Leadership term, Time.Signal idle) {
    var deadline = time.after(roundLimit(term), term::lose);
    try {
      while (!term.taken()) {
        switch (claim.attempt()) {
          case LeaseClaim.Result.Ours(var since, _) -> {
            term.renewed(since);
            return;
          }
          case LeaseClaim.Result.Others(var holder) -> {
            // The Go tools go on until the deadline; but the server has spoken.
            failed("led by " + holder);
            term.lose();
          }
          case LeaseClaim.Result.Failed(var why) -> failed(why);
        }
        if (term.taken() || idle.await(timing.retry())) {
          return;
        }
      }
    } finally {
      deadline.cancel();
    }
  }

  /** Never longer than the lease lasts for those who watch it. */
  private Duration roundLimit(Leadership term) {
    var left = timing.lease().minus(term.age());
    var limit = left.compareTo(timing.renewDeadline()) < 0 ? left : timing.renewDeadline();
    return limit.isNegative() ? Duration.ZERO : limit;
  }

  private void failed(String why) {
    log.atWarn()
        .addKeyValue("lease", candidate.lease())
        .addKeyValue("next", timing.retry())
        .addKeyValue("reason", why)
        .log("could not renew the lease");
  }

  LeaseHealth health() {
    var renewedAgo = Optional.ofNullable(current).map(Leadership::age).orElse(null);
    return LeaseHealth.decide(candidate.lease().name(), renewedAgo, timing.lease());
  }

  /** Ends candidacy at once, and leadership after the work has ended; does not wait. */
  @Override
  public void close() {
    closed.raise();
    news.wake();
    var term = current;
    if (term != null) {
      term.end();
    }
  }
}
