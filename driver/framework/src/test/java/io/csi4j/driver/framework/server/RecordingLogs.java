package io.csi4j.driver.framework.server;

import java.io.Serial;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.AbstractLogger;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.LoggingEventAware;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/** Remembers what our tests' code logs, at every level; netty's and gRPC's words are not ours. */
public final class RecordingLogs implements SLF4JServiceProvider {
  private static final List<String> LINES = new CopyOnWriteArrayList<>();

  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final MDCAdapter contexts = new NOPMDCAdapter();

  /** What was logged until now. */
  static List<String> lines() {
    return List.copyOf(LINES);
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return name -> new RecordingLogger(name, name.startsWith("io.csi4j."));
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return contexts;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99";
  }

  @Override
  public void initialize() {}

  private static final class RecordingLogger extends AbstractLogger implements LoggingEventAware {
    @Serial private static final long serialVersionUID = 1;
    private final boolean ours;

    RecordingLogger(String name, boolean ours) {
      this.name = name;
      this.ours = ours;
    }

    @Override
    public void log(LoggingEvent event) {
      LINES.add(
          "%s %s %s %s"
              .formatted(
                  event.getLevel(),
                  event.getMessage(),
                  event.getKeyValuePairs(),
                  event.getThrowable()));
    }

    @Override
    protected void handleNormalizedLoggingCall(
        Level level, Marker marker, String message, Object[] arguments, Throwable throwable) {
      LINES.add(
          "%s %s %s"
              .formatted(level, MessageFormatter.basicArrayFormat(message, arguments), throwable));
    }

    @Override
    protected String getFullyQualifiedCallerName() {
      return getName();
    }

    @Override
    public boolean isTraceEnabled() {
      return ours;
    }

    @Override
    public boolean isTraceEnabled(Marker marker) {
      return ours;
    }

    @Override
    public boolean isDebugEnabled() {
      return ours;
    }

    @Override
    public boolean isDebugEnabled(Marker marker) {
      return ours;
    }

    @Override
    public boolean isInfoEnabled() {
      return ours;
    }

    @Override
    public boolean isInfoEnabled(Marker marker) {
      return ours;
    }

    @Override
    public boolean isWarnEnabled() {
      return ours;
    }

    @Override
    public boolean isWarnEnabled(Marker marker) {
      return ours;
    }

    @Override
    public boolean isErrorEnabled() {
      return ours;
    }

    @Override
    public boolean isErrorEnabled(Marker marker) {
      return ours;
    }
  }
}
