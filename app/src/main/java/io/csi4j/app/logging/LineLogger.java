package io.csi4j.app.logging;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;

/** Writes each record as one line in the format that the flags chose. */
final class LineLogger extends LegacyAbstractLogger implements LoggingEventAware {
  private static final long serialVersionUID = 1L;

  private final transient InstantSource clock;

  LineLogger(String name, InstantSource clock) {
    this.name = name;
    this.clock = clock;
  }

  @Override
  public void log(LoggingEvent event) {
    var pairs = event.getKeyValuePairs();
    var args = event.getArgumentArray();
    var message =
        args == null
            ? event.getMessage()
            : MessageFormatter.basicArrayFormat(event.getMessage(), args);
    write(event.getLevel(), message, pairs == null ? List.of() : pairs, event.getThrowable());
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      String pattern,
      Object @Nullable [] args,
      @Nullable Throwable cause) {
    write(level, MessageFormatter.basicArrayFormat(pattern, args), List.of(), cause);
  }

  private void write(
      Level level, String message, List<KeyValuePair> pairs, @Nullable Throwable cause) {
    var at = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    var out = Verbosity.target();
    // One write, so that lines of several threads do not mix.
    out.print(Verbosity.format().line(new LogRecord(at, level, name, message, pairs, cause)));
    out.flush();
  }

  @Override
  protected @Nullable String getFullyQualifiedCallerName() {
    return null;
  }

  @Override
  public boolean isTraceEnabled() {
    return Verbosity.shows(name, Level.TRACE);
  }

  @Override
  public boolean isDebugEnabled() {
    return Verbosity.shows(name, Level.DEBUG);
  }

  @Override
  public boolean isInfoEnabled() {
    return Verbosity.shows(name, Level.INFO);
  }

  @Override
  public boolean isWarnEnabled() {
    return Verbosity.shows(name, Level.WARN);
  }

  @Override
  public boolean isErrorEnabled() {
    return Verbosity.shows(name, Level.ERROR);
  }
}
