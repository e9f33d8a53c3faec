package io.csi4j.sidecars.registrar;

import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.csi4j.sidecars.kit.csi.DriverFault;
import io.csi4j.sidecars.kit.csi.SocketFile;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.queue.BackOff;
import io.csi4j.sidecars.registrar.RegistrationSocket.Sight;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the driver registered: makes the socket, and looks every other second whether it must be
 * made anew. A new one is what makes kubelet try again: after it has refused the driver, after the
 * file has vanished, and, where that is wanted, after the driver has changed. It is put in place of
 * the old one before that one is closed, so that there is never none.
 */
final class Registration {
  private static final Logger log = LoggerFactory.getLogger(Registration.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
  private static final BackOff AFTER_REFUSAL =
      new BackOff(Duration.ofSeconds(1), Duration.ofMinutes(1));

  /** A quarter more or less: the nodes of a cluster shall not come back in step. */
  private static final double JITTER = 0.25;

  /** So many refusals in a row are for somebody to look at: a container that restarts is seen. */
  private static final int REFUSALS_MAX = 20;

  private final RegistrarOptions options;
  private final RegistrationStory story;
  private final RegistrarView view;
  private final Time time;
  private final Time.Signal asked;

  // All below belong to the thread that keeps the registration.
  private SocketFile driverSocket = SocketFile.NOTHING;
  private Sight told = Sight.OURS;
  private boolean toldUnasked;

  Registration(
      RegistrarOptions options,
      RegistrationStory story,
      RegistrarView view,
      Time time,
      Time.Signal asked) {
    this.options = options;
    this.story = story;
    this.view = view;
    this.time = time;
    this.asked = asked;
  }

  /** Returns when the registrar is asked to end. */
  void keep(DriverWords met, DriverMeeting meeting) {
    var driver = met;
    driverSocket = lookAtDriver();
    var socket = open(driver);
    try {
      while (!asked.raised()) {
        var news = story.news();
        var now = options.kubelet().renewOnChange() ? askAgain(driver, meeting) : driver;
        var sight = socket.look();
        tell(sight);
        switch (WatchStep.decide(sight, story.lastWordWasNo(), driver.changesTo(now))) {
          case WatchStep.Stay() -> {
            var unused = news.await(LOOK_EVERY);
          }
          case WatchStep.MakeAnew(var why) -> {
            socket = replace(socket, now, why);
            // Whoever removes each one at once is not raced.
            var unused = story.news().await(LOOK_EVERY);
          }
          case WatchStep.MakeAnewLater(var why) -> {
            if (refusedStill()) {
              socket = replace(socket, now, why);
            }
          }
        }
        driver = now;
      }
    } finally {
      end(socket);
    }
  }

  private void end(RegistrationSocket socket) {
    if (options.kubelet().keepOnExit() && asked.raised()) {
      log.atInfo().addKeyValue("socket", socket.path()).log("left the registration socket");
      socket.leave();
    } else {
      socket.close();
    }
  }

  private RegistrationSocket open(DriverWords driver) {
    var kubelet = options.kubelet();
    var path = kubelet.registry().resolve(driver.name() + "-reg.sock");
    var service = new RegistrationService(driver.name(), kubelet.endpoint(), story);
    story.socketMade();
    var socket = RegistrationSocket.open(path, OwnQuestion.told(service), time);
    view.serves(driver.name(), socket);
    told = Sight.OURS;
    toldUnasked = false;
    log.atInfo().addKeyValue("socket", path).log("waiting for kubelet");
    return socket;
  }

  private RegistrationSocket replace(RegistrationSocket old, DriverWords driver, String why) {
    log.atWarn().addKeyValue("reason", why).log("making the registration socket anew");
    var socket = open(driver);
    // Under a new name the old file is still ours and goes; under the same one it was replaced.
    old.close();
    return socket;
  }

  /** Waits as long as the last refusals ask for, unless kubelet takes the driver meanwhile. */
  private boolean refusedStill() {
    var refusals = story.refusalsInRow();
    if (refusals >= REFUSALS_MAX) {
      throw new Fatal("%s, %d times in a row".formatted(story.waitingFor(), refusals));
    }
    var pause = AFTER_REFUSAL.after(refusals - 1).toNanos();
    var jitter = 1 - JITTER + time.random().nextDouble() * 2 * JITTER;
    var end = time.nanos() + (long) (pause * jitter);
    while (!asked.raised() && story.lastWordWasNo()) {
      var left = end - time.nanos();
      if (left <= 0) {
        return true;
      }
      var unused = story.news().await(Duration.ofNanos(left));
    }
    return false;
  }

  /** A driver that was restarted has a new socket; one that has not is not asked. */
  private DriverWords askAgain(DriverWords before, DriverMeeting meeting) {
    var seen = lookAtDriver();
    if (seen.equals(driverSocket) || seen.kind() != SocketFile.Kind.SOCKET) {
      return before;
    }
    try {
      var now = meeting.again();
      driverSocket = seen;
      return now;
    } catch (DriverFault e) {
      log.atWarn().addKeyValue("reason", e.getMessage()).log("the driver is back, and silent");
      return before;
    }
  }

  private SocketFile lookAtDriver() {
    try {
      return SocketFile.at(options.driver().address().path());
    } catch (IOException e) {
      log.atDebug().addKeyValue("reason", e).log("could not look at the driver's socket");
      return SocketFile.NOTHING;
    }
  }

  private void tell(Sight sight) {
    if (sight != told && List.of(Sight.ANOTHERS, Sight.NO_SOCKET).contains(sight)) {
      log.atWarn()
          .addKeyValue("found", sight)
          .log("the registration socket is not ours any more, leaving it alone");
    }
    told = sight;
    if (!toldUnasked && story.longUnasked()) {
      toldUnasked = true;
      log.atError().addKeyValue("reason", story.waitingFor()).log("not registered");
    }
  }
}
