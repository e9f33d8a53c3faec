package io.csi4j.app.logging;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.csi4j.sidecars.kit.options.GoDuration;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a record looks. */
enum LogFormat {
  /** For people: the message, then {@code key=value}; a stack trace follows on lines of its own. */
  TEXT {
    @Override
    String line(LogRecord record) {
      var line = new StringBuilder(120);
      line.append(record.at()).append(' ').append("%-5s".formatted(record.level())).append(' ');
      line.append(oneLine(record.message()));
      for (var pair : record.pairs()) {
        line.append(' ').append(pair.key).append('=').append(quoted(textOf(pair.value)));
      }
      line.append(System.lineSeparator());
      if (record.cause() != null) {
        line.append(traceOf(record.cause()));
      }
      return line.toString();
    }
  },

  /** For programs: one object a line. */
  JSON {
    @Override
    String line(LogRecord record) {
      var object = JsonNodeFactory.instance.objectNode();
      object.put("ts", record.at().toString());
      object.put("level", record.level().toString().toLowerCase(Locale.ROOT));
      object.put("logger", record.logger());
      object.put("msg", record.message());
      for (var pair : record.pairs()) {
        if (pair.value instanceof Integer || pair.value instanceof Long) {
          object.put(pair.key, ((Number) pair.value).longValue());
        } else {
          object.put(pair.key, textOf(pair.value));
        }
      }
      if (record.cause() != null) {
        object.put("stack", traceOf(record.cause()));
      }
      return object + System.lineSeparator();
    }
  };

  abstract String line(LogRecord record);

  private static String textOf(@Nullable Object value) {
    return value instanceof Duration duration ? GoDuration.format(duration) : String.valueOf(value);
  }

  private static String quoted(String value) {
    var plain = !value.isEmpty() && value.chars().noneMatch(c -> c <= ' ' || c == '"' || c == '=');
    return plain ? value : '"' + oneLine(value).replace("\"", "\\\"") + '"';
  }

  private static String oneLine(String text) {
    return text.indexOf('\n') < 0 ? text : text.replace("\r", "").replace("\n", "\\n");
  }

  private static String traceOf(Throwable cause) {
    var trace = new StringWriter();
    cause.printStackTrace(new PrintWriter(trace));
    return trace.toString();
  }
}
