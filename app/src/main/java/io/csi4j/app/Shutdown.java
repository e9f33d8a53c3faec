package io.csi4j.app;

import io.csi4j.sidecars.kit.component.Component;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Turns SIGTERM and SIGINT into an orderly end with exit code 0, or with the failure's code where
 * the end itself fails. A component that ends by itself has no part in this: its own exit code
 * stands.
 */
final class Shutdown {
  private static final int OK = 0;

  /** How long the component's last words may take once it has been closed. */
  private static final long LAST_WORDS_SECONDS = 2;

  private final CompletableFuture<Integer> end = new CompletableFuture<>();

  /** Belongs to the main thread. */
  private @Nullable Thread hook;

  void closes(Component component) {
    hook =
        new Thread(
            () -> {
              component.close();
              // Inside a shutdown hook this is the only way to end with another code than the
              // signal's.
              Runtime.getRuntime().halt(code());
            },
            "csi4j-shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** The component has ended with this code, whoever wanted it to. */
  void over(int code) {
    end.complete(code);
    if (hook == null) {
      return;
    }
    try {
      var unused = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // A signal was first: the hook is running, and ends the process with our code.
    }
  }

  private int code() {
    return end.completeOnTimeout(OK, LAST_WORDS_SECONDS, TimeUnit.SECONDS).join();
  }
}
