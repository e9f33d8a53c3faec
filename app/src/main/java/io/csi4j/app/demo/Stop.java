package io.csi4j.app.demo;

import io.csi4j.app.demo.Patience.Interruptions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/** The user's wish to end, which every wait looks at: the story ends where it is, in order. */
final class Stop {
  private final CountDownLatch asked = new CountDownLatch(1);

  void ask() {
    asked.countDown();
  }

  boolean isAsked() {
    return asked.getCount() == 0;
  }

  void await() throws InterruptedException {
    asked.await();
  }

  void check() {
    if (isAsked()) {
      throw new StepFailed("stopped by a signal");
    }
  }

  Interruptions with(Supplier<Optional<String>> failure, Supplier<List<String>> complaints) {
    return new Interruptions() {
      @Override
      public void check() {
        Stop.this.check();
        failure
            .get()
            .ifPresent(
                why -> {
                  throw new StepFailed(why);
                });
      }

      @Override
      public List<String> complaints() {
        return complaints.get();
      }
    };
  }
}
