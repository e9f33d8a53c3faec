package io.csi4j.app.logging;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/** One thing that was said. */
record LogRecord(
    Instant at,
    Level level,
    String logger,
    String message,
    List<KeyValuePair> pairs,
    @Nullable Throwable cause) {}
