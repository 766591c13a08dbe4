package io.sextant.numerics;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The module is a library on arrays: it depends on no device, on no Spark and on no command line.
 */
@AnalyzeClasses(packages = "io.sextant.numerics", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule KNOWS_ONLY_THE_SCHEMA =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.sextant.placement..", "io.sextant.gpu..", "io.sextant.jobs..");

  @ArchTest
  static final ArchRule KNOWS_NO_DEVICE =
      noClasses().should().dependOnClassesThat().resideInAnyPackage("jcuda..", "com.sun.jna..");

  @ArchTest
  static final ArchRule KNOWS_NO_SPARK_AND_NO_COMMAND_LINE =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..", "scala..", "picocli..");

  @ArchTest
  static final ArchRule NO_CYCLES_BETWEEN_PACKAGES =
      slices().matching("io.sextant.numerics.(*)..").should().beFreeOfCycles();
}
