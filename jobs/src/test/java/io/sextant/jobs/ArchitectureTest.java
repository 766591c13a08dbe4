package io.sextant.jobs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.sextant.jobs.cli.CommandRunner;
import io.sextant.jobs.gpu.SextantGpu;
import io.sextant.jobs.spark.SparkSessions;
import java.text.Format;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Scanner;
import org.apache.spark.sql.SparkSession;

/**
 * Modules depend in one direction: trace-schema, then placement-solver and numerics, then
 * gpu-validate, then jobs; nothing depends on benchmarks.
 */
@AnalyzeClasses(packages = "io.sextant", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule SCHEMA_KNOWS_NO_OTHER_MODULE =
      noClasses()
          .that()
          .resideInAPackage("io.sextant.schema..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.sextant.placement..",
              "io.sextant.numerics..",
              "io.sextant.gpu..",
              "io.sextant.jobs..");

  @ArchTest
  static final ArchRule SOLVER_KNOWS_ONLY_THE_SCHEMA =
      noClasses()
          .that()
          .resideInAPackage("io.sextant.placement..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.sextant.numerics..", "io.sextant.gpu..", "io.sextant.jobs..");

  @ArchTest
  static final ArchRule NUMERICS_KNOWS_ONLY_THE_SCHEMA =
      noClasses()
          .that()
          .resideInAPackage("io.sextant.numerics..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.sextant.placement..", "io.sextant.gpu..", "io.sextant.jobs..");

  @ArchTest
  static final ArchRule NOTHING_KNOWS_THE_BENCHMARKS =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.sextant.benchmarks..", "org.openjdk.jmh..");

  @ArchTest
  static final ArchRule ONLY_THE_VALIDATOR_KNOWS_CUDA =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.sextant.gpu..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jcuda..", "com.sun.jna..");

  @ArchTest
  static final ArchRule VALIDATOR_KNOWS_ONLY_THE_SCHEMA_AND_NUMERICS =
      noClasses()
          .that()
          .resideInAPackage("io.sextant.gpu..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.sextant.placement..", "io.sextant.jobs..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule ONLY_JOBS_KNOWS_SPARK =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.sextant.jobs..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..", "scala..");

  /** A GPU host has no Spark: see bin/gpu-bundle. */
  @ArchTest
  static final ArchRule GPU_COMMANDS_KNOW_NO_SPARK =
      noClasses()
          .that()
          .resideInAPackage("io.sextant.jobs.gpu..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..", "scala..");

  @ArchTest
  static final ArchRule ONLY_THE_COMMAND_LINE_EXITS =
      noClasses()
          .that()
          .doNotBelongToAnyOf(Sextant.class, SextantGpu.class)
          .should()
          .callMethod(System.class, "exit", int.class)
          .orShould()
          .callMethod(Runtime.class, "exit", int.class)
          .orShould()
          .callMethod(Runtime.class, "halt", int.class);

  @ArchTest
  static final ArchRule ONE_PLACE_MAKES_SESSIONS =
      noClasses()
          .that()
          .doNotBelongToAnyOf(SparkSessions.class)
          .should()
          .callMethod(SparkSession.class, "builder");

  /**
   * Figures and files are the same under every locale. {@link CommandRunner} sets the JVM's default
   * to the root locale before it reads an option, {@link SparkSessions} that of executors, and
   * nothing else sets it; so {@code formatted} and {@code format} need no locale of their own. The
   * calls below are forbidden although the default would make them right, because they are also
   * used on names and formats that other programs must understand.
   */
  @ArchTest
  static final ArchRule ONE_PLACE_SETS_THE_LOCALE =
      noClasses()
          .that()
          .doNotBelongToAnyOf(CommandRunner.class)
          .should()
          .callMethod(Locale.class, "setDefault", Locale.class)
          .orShould()
          .callMethod(Locale.class, "setDefault", Locale.Category.class, Locale.class)
          .orShould()
          .callMethod(String.class, "toLowerCase")
          .orShould()
          .callMethod(String.class, "toUpperCase")
          .orShould()
          .callMethod(DateTimeFormatter.class, "ofPattern", String.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Format.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Scanner.class);

  /** Engines use plain values, to which a command converts its options. */
  @ArchTest
  static final ArchRule ONLY_COMMANDS_KNOW_THE_COMMAND_LINE =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.sextant.jobs.cli..")
          .and()
          .haveNameNotMatching(".*(Command|Options?)([$].*)?")
          .and()
          .doNotBelongToAnyOf(Sextant.class, SextantGpu.class)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("picocli..");

  /** The engines of placement are also called without a command line, by refresh and by tests. */
  @ArchTest
  static final ArchRule PLACEMENT_ENGINES_KNOW_NO_OPTIONS =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.sextant.jobs.decide..",
              "io.sextant.jobs.group..",
              "io.sextant.jobs.migrate..",
              "io.sextant.jobs.plan..",
              "io.sextant.jobs.score..",
              "io.sextant.jobs.layers..",
              "io.sextant.jobs.serving..",
              "io.sextant.jobs.stretch..",
              "io.sextant.jobs.window..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.sextant.jobs.mixin..", "io.sextant.jobs.placement..", "io.sextant.jobs.refresh..")
          .orShould()
          .dependOnClassesThat()
          .haveSimpleNameEndingWith("Command");

  @ArchTest
  static final ArchRule NO_CYCLES_BETWEEN_PACKAGES =
      slices().matching("io.sextant.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule NO_CYCLES_WITHIN_THE_SCHEMA =
      slices().matching("io.sextant.schema.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule NO_CYCLES_WITHIN_THE_SOLVER =
      slices().matching("io.sextant.placement.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule NO_CYCLES_WITHIN_NUMERICS =
      slices().matching("io.sextant.numerics.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule NO_CYCLES_WITHIN_THE_VALIDATOR =
      slices().matching("io.sextant.gpu.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule NO_CYCLES_WITHIN_THE_JOBS =
      slices().matching("io.sextant.jobs.(*)..").should().beFreeOfCycles();
}
