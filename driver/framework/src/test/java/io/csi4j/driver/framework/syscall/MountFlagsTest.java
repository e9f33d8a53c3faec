package io.csi4j.driver.framework.syscall;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MountFlagsTest {

  @Test
  void given_known_and_other_options_then_bits_and_text_are_told_apart() {
    var flags = MountFlags.parse(List.of("noatime", "discard,nosuid", "commit=5"));

    assertThat(flags)
        .isEqualTo(new MountFlags(MountFlags.NOATIME | MountFlags.NOSUID, "discard,commit=5"));
  }

  @Test
  void given_contradicting_options_then_the_later_wins() {
    assertThat(MountFlags.parse(List.of("ro", "rw")).readOnly()).isFalse();
    assertThat(MountFlags.parse(List.of("rw", "ro")).readOnly()).isTrue();
  }

  @Test
  void given_options_of_the_mount_program_then_they_are_dropped() {
    assertThat(MountFlags.parse(List.of("defaults", "_netdev", ""))).isEqualTo(MountFlags.NONE);
  }

  /** As kubelet writes it for drivers with seLinuxMount; the kernel minds the quotes. */
  @Test
  void given_an_se_linux_context_with_categories_then_it_stays_as_it_is() {
    var context = "context=\"system_u:object_r:container_file_t:s0:c12,c345\"";

    assertThat(MountFlags.parse(List.of("noatime", context, "discard")))
        .isEqualTo(new MountFlags(MountFlags.NOATIME, context + ",discard"));
  }

  /** Mount flags may be sensitive; driver.md 1. */
  @Test
  void when_printed_then_the_text_is_hidden() {
    assertThat(MountFlags.parse(List.of("password=hunter2")).toString()).doesNotContain("hunter2");
  }
}
