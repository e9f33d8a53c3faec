package io.csi4j.app;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The borders between rooms and the calls that have a door of their own, held over every class of
 * the program.
 */
class HouseRulesTest {
  private static final JavaClasses PROGRAM =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.csi4j");

  private static final String[] SIDECARS = {
    "io.csi4j.sidecars.provisioner..",
    "io.csi4j.sidecars.attacher..",
    "io.csi4j.sidecars.registrar..",
    "io.csi4j.sidecars.livenessprobe.."
  };

  /**
   * Where the doors' real implementations live: the only places that touch clocks, threads and the
   * outside.
   */
  private static final DescribedPredicate<JavaClass> BEHIND_A_DOOR =
      resideInAPackage("io.csi4j.app..")
          .or(resideInAPackage("io.csi4j.sidecars.kit.time.."))
          .or(resideInAPackage("io.csi4j.sidecars.kit.cluster.."))
          .or(resideInAPackage("io.csi4j.sidecars.kit.csi.."))
          .or(resideInAPackage("io.csi4j.driver.framework.syscall.."))
          .or(resideInAPackage("io.csi4j.e2e.sandbox.clock.."))
          .or(resideInAPackage("io.csi4j.e2e.sandbox.actors.csi.."))
          .or(resideInAPackage("io.csi4j.proto.."))
          .as("behind a door");

  /** An empty scan would pass every rule below. */
  @Test
  void given_the_program_then_every_room_is_scanned() {
    for (var room :
        List.of(
            "io.csi4j.proto",
            "io.csi4j.sidecars.kit.doors",
            "io.csi4j.sidecars.provisioner",
            "io.csi4j.sidecars.attacher",
            "io.csi4j.sidecars.registrar",
            "io.csi4j.sidecars.livenessprobe",
            "io.csi4j.driver.spi",
            "io.csi4j.driver.framework",
            "io.csi4j.driver.local",
            "io.csi4j.e2e.sandbox",
            "io.csi4j.app")) {
      assertThat(PROGRAM.stream().filter(each -> each.getPackageName().startsWith(room)))
          .as(room)
          .isNotEmpty();
    }
  }

  @Test
  void protocols_import_nothing_of_ours() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.csi4j.proto..")
            .should()
            .dependOnClassesThat(
                ours().and(DescribedPredicate.not(resideInAPackage("io.csi4j.proto..")))));
  }

  @Test
  void the_kit_imports_protocols_only() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.csi4j.sidecars.kit..")
            .should()
            .dependOnClassesThat(
                ours()
                    .and(DescribedPredicate.not(resideInAPackage("io.csi4j.sidecars.kit..")))
                    .and(DescribedPredicate.not(resideInAPackage("io.csi4j.proto..")))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"provisioner", "attacher", "registrar", "livenessprobe"})
  void a_sidecar_imports_kit_and_protocols_only(String sidecar) {
    var own = "io.csi4j.sidecars." + sidecar + "..";
    check(
        noClasses()
            .that()
            .resideInAPackage(own)
            .should()
            .dependOnClassesThat(
                ours()
                    .and(DescribedPredicate.not(resideInAPackage(own)))
                    .and(DescribedPredicate.not(resideInAPackage("io.csi4j.sidecars.kit..")))
                    .and(DescribedPredicate.not(resideInAPackage("io.csi4j.proto..")))));
  }

  @Test
  void a_driver_knows_no_sidecar() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.csi4j.driver..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.csi4j.sidecars..", "io.csi4j.app.."));
  }

  /** What drivers are compiled against must not pull in what serves them. */
  @Test
  void the_spi_imports_nothing_but_the_jdk() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.csi4j.driver.spi..")
            .should()
            .dependOnClassesThat(
                DescribedPredicate.not(
                    resideInAPackage("io.csi4j.driver.spi..")
                        .or(resideInAPackage("java.."))
                        .or(resideInAPackage("org.jspecify..")))));
  }

  @Test
  void the_framework_knows_no_backend() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.csi4j.driver.framework..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.csi4j.driver.local.."));
  }

  /** So that every other room can use it in its tests. */
  @Test
  void the_sandbox_imports_protocols_only() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.csi4j.e2e.sandbox..")
            .should()
            .dependOnClassesThat(
                ours()
                    .and(DescribedPredicate.not(resideInAPackage("io.csi4j.e2e.sandbox..")))
                    .and(DescribedPredicate.not(resideInAPackage("io.csi4j.proto..")))));
  }

  @Test
  void grpc_and_fabric8_stay_behind_the_doors() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage("io.csi4j.sidecars.provisioner..", "io.csi4j.sidecars.attacher..")
            .or()
            .resideInAPackage("io.csi4j.sidecars.kit.doors..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.grpc..", "io.netty.."));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.time.Instant#now",
        "java.lang.System#nanoTime",
        "java.lang.System#currentTimeMillis",
        "java.lang.System#exit",
        "java.lang.System#getenv",
        "java.lang.Thread#sleep",
        "java.util.UUID#randomUUID",
        "java.lang.Math#random"
      })
  void clocks_chance_and_exits_have_a_door(String call) {
    var owner = call.substring(0, call.indexOf('#'));
    var method = call.substring(call.indexOf('#') + 1);
    check(
        noClasses()
            .that(DescribedPredicate.not(BEHIND_A_DOOR))
            .should()
            .callMethodWhere(
                DescribedPredicate.describe(
                    call,
                    each ->
                        each.getTargetOwner().getFullName().equals(owner)
                            && each.getName().equals(method))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.util.concurrent.Executors",
        "java.lang.ProcessBuilder",
        "java.util.Random",
        "java.util.Timer"
      })
  void threads_and_processes_have_a_door(String type) {
    check(
        noClasses()
            .that(DescribedPredicate.not(BEHIND_A_DOOR))
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName(type));
  }

  @Test
  void nothing_prints_but_the_program() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.csi4j.app..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err"));
  }

  @Test
  void only_syscall_calls_native_code() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.csi4j.driver.framework.syscall..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.lang.foreign.."));
  }

  @Test
  void a_sidecar_has_one_public_class() {
    for (var room : SIDECARS) {
      var open =
          PROGRAM.stream()
              .filter(resideInAPackage(room))
              .filter(
                  each -> each.isTopLevelClass() && !each.getSimpleName().equals("package-info"))
              .filter(
                  each ->
                      each.getModifiers()
                          .contains(com.tngtech.archunit.core.domain.JavaModifier.PUBLIC));
      assertThat(open).as(room).hasSize(1);
    }
  }

  @Test
  void names_say_what_a_thing_does() {
    check(
        classes()
            .that()
            .resideOutsideOfPackage("io.csi4j.proto..")
            .should()
            .haveNameNotMatching(".*(Util|Utils|Helper|Manager|Impl|Common|Misc|Base)"));
  }

  private static DescribedPredicate<JavaClass> ours() {
    return resideInAPackage("io.csi4j..");
  }

  private static void check(ArchRule rule) {
    rule.check(PROGRAM);
  }
}
