package io.csi4j.driver.local;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/**
 * This process's own {@code kill -9}: the kernel ends it inside the call, so that nothing is
 * flushed, closed or undone. It is looked up beforehand, so that the death comes at once.
 */
record SigKill(MethodHandle kill, int self) {
  private static final int SIGKILL = 9;

  /** What the parent sees as the exit value of who died of a signal: 128 and its number. */
  static final int EXIT_VALUE = 128 + SIGKILL;

  @SuppressWarnings("restricted") // the kernel's kill is what this class is for
  static SigKill ofThisProcess() {
    var linker = Linker.nativeLinker();
    return new SigKill(
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("kill"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT)),
        Math.toIntExact(ProcessHandle.current().pid()));
  }

  void now() {
    try {
      var returned = (int) kill.invokeExact(self, SIGKILL);
      throw new IllegalStateException("alive after kill -9, which returned " + returned);
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable failure) {
      throw new IllegalStateException("native call is declared wrongly", failure);
    }
  }
}
