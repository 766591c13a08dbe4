package io.sextant.jobs.setup;

import com.github.luben.zstd.Zstd;
import com.sun.management.OperatingSystemMXBean;
import io.sextant.gpu.cuda.CudaContext;
import io.sextant.gpu.cuda.CudaDevice;
import io.sextant.gpu.cuda.CudaDevices;
import io.sextant.gpu.library.InstalledLibrary;
import io.sextant.jobs.spark.OpenSession;
import io.sextant.jobs.spark.SparkSessions;
import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** Checks everything that commands need, and says what to fix. */
final class Doctor {
  private static final int LEAST_JAVA = 17;
  private static final double GIB = 1L << 30;
  private static final double LEAST_HEAP_GIB = 2;
  private static final double LEAST_FREE_GIB = 5;

  /** All findings, the most basic ones first. */
  List<Finding> examine() {
    List<Finding> findings = new ArrayList<>();
    findings.add(java());
    findings.add(memory());
    findings.add(zstd());
    findings.add(temporary());
    findings.addAll(Descriptions.examine());
    findings.add(spark());
    findings.addAll(gpu());
    return findings;
  }

  private static Finding java() {
    String figures =
        "%s, %s".formatted(System.getProperty("java.version"), System.getProperty("java.vendor"));
    return Runtime.version().feature() >= LEAST_JAVA
        ? Finding.ok("Java", figures)
        : Finding.wrong("Java", figures, "Install a JDK 17 or newer and set JAVA_HOME");
  }

  private static Finding memory() {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    double heap = Runtime.getRuntime().maxMemory() / GIB;
    double machine = system.getTotalMemorySize() / GIB;
    String figures =
        String.format(
            Locale.ROOT,
            "heap %.1f of %.1f GiB, %d cores",
            heap,
            machine,
            Runtime.getRuntime().availableProcessors());
    if (heap > machine) {
      return Finding.wrong("memory", figures, "Set SEXTANT_HEAP to less than the machine's memory");
    }
    return heap < LEAST_HEAP_GIB
        ? Finding.note("memory", figures, "Set SEXTANT_HEAP=4g or more to process days of traces")
        : Finding.ok("memory", figures);
  }

  private static Finding zstd() {
    try {
      byte[] bytes = new byte[1000];
      Zstd.decompress(Zstd.compress(bytes), bytes.length);
      return Finding.ok("zstd", "its native library loads");
    } catch (LinkageError | RuntimeException e) {
      return Finding.wrong(
          "zstd",
          "its native library does not load: " + e.getMessage(),
          "Use Linux, macOS or Windows on x86-64 or arm64, with a temporary folder that is not"
              + " mounted noexec");
    }
  }

  private static Finding temporary() {
    Path folder = Path.of(System.getProperty("java.io.tmpdir"));
    try {
      Files.delete(Files.createTempFile(folder, "sextant-doctor", ""));
      FileStore store = Files.getFileStore(folder);
      double free = store.getUsableSpace() / GIB;
      String figures = String.format(Locale.ROOT, "%s, %.1f GiB free", folder, free);
      return free < LEAST_FREE_GIB
          ? Finding.note(
              "temporary", figures, "Free some space, or set -Djava.io.tmpdir: Spark spills")
          : Finding.ok("temporary", figures);
    } catch (IOException e) {
      return Finding.wrong(
          "temporary",
          folder + " cannot be written",
          "Set java.io.tmpdir to a folder that can be written");
    }
  }

  private static Finding spark() {
    Path scratch = null;
    try {
      scratch = Files.createTempDirectory("sextant-doctor");
      try (OpenSession session = SparkSessions.open()) {
        SparkSession spark = session.spark();
        String file = scratch.resolve("parquet").toString();
        spark.range(1000).write().parquet(file);
        long rows = spark.read().parquet(file).count();
        String figures =
            "%s at %s, wrote and read %d rows"
                .formatted(spark.version(), spark.sparkContext().master(), rows);
        return rows == 1000
            ? Finding.ok("Spark", figures)
            : Finding.wrong("Spark", figures, "Check the storage");
      }
    } catch (IOException | RuntimeException e) {
      return Finding.wrong(
          "Spark",
          "no session: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
          "Check the master that spark-submit names, and its log");
    } finally {
      delete(scratch);
    }
  }

  private static void delete(Path folder) {
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      // A temporary file that is left behind does no harm.
      return;
    }
  }

  /** Only gpu-validate needs a GPU. */
  private static List<Finding> gpu() {
    List<Finding> findings = new ArrayList<>();
    CudaDevices devices;
    try {
      devices = CudaDevices.list();
    } catch (InvalidInputException e) {
      findings.add(
          Finding.note("GPU", e.getMessage(), "All commands except gpu-validate run without one"));
      return findings;
    }
    for (CudaDevice device : devices.devices()) {
      findings.add(
          Finding.ok(
              "GPU " + device.ordinal(),
              String.format(
                  Locale.ROOT,
                  "%s, %.1f GiB, driver's CUDA %s",
                  device.name(),
                  device.memoryBytes() / GIB,
                  devices.driverVersionText())));
    }
    try (CudaContext ignored = CudaContext.open(0)) {
      for (InstalledLibrary library : InstalledLibrary.all()) {
        findings.add(
            library.version() != null
                ? Finding.ok(library.name(), library.version())
                : Finding.note(library.name(), library.problem(), ""));
      }
    }
    return findings;
  }
}
