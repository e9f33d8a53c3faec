package io.csi4j.driver.framework.syscall;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.driver.framework.syscall.ForeignProgram.Ending;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ForeignProgramTest {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);

  private final NativeThreads threads = new NativeThreads("test", 2);
  private final ForeignProgram program = new ForeignProgram(threads);

  @AfterEach
  void close() {
    threads.close();
  }

  @Test
  void given_success_then_the_output_comes_back() {
    assertThat(program.run(List.of("echo", "made"), LONG_ENOUGH))
        .isEqualTo(new Ending.Succeeded("made"));
  }

  @Test
  void given_failure_then_the_message_has_code_and_what_it_said() {
    var ending = program.run(List.of("sh", "-c", "echo no such disk >&2; exit 3"), LONG_ENOUGH);

    assertThat(ending).isEqualTo(new Ending.Failed(3, "sh ended with 3: no such disk"));
  }

  @Test
  void given_no_such_program_then_it_is_missing() {
    assertThat(program.run(List.of("mkfs.nonsense"), LONG_ENOUGH))
        .isInstanceOf(Ending.Missing.class);
  }

  @Test
  void given_a_program_that_does_not_end_then_it_is_killed() {
    var ending = program.run(List.of("sleep", "60"), Duration.ofMillis(50));

    assertThat(ending).isInstanceOf(Ending.TimedOut.class);
  }

  @Test
  void given_much_output_then_the_end_of_it_is_kept() {
    var ending = program.run(List.of("seq", "100000"), LONG_ENOUGH);

    assertThat(((Ending.Succeeded) ending).output()).endsWith("100000").hasSizeLessThan(5000);
  }
}
