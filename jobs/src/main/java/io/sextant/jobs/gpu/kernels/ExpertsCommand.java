package io.sextant.jobs.gpu.kernels;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceResources;
import io.sextant.gpu.expert.ExpertBench;
import io.sextant.gpu.gemm.GemmBench;
import io.sextant.gpu.gemm.KernelRun;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.library.CublasLt;
import io.sextant.gpu.packaged.KernelPackage;
import io.sextant.gpu.packaged.LoadedPackage;
import io.sextant.gpu.validate.BandwidthBench;
import io.sextant.jobs.gpu.option.GpuOption;
import io.sextant.jobs.gpu.option.ShapeOption;
import io.sextant.numerics.gemm.GemmSite;
import io.sextant.schema.spec.ModelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sextant gpu-validate experts}. */
@Command(
    name = "experts",
    description = "Measures the matrix products of all experts of a GPU in one launch.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example: sextant gpu-validate experts --tokens 32,100,1024"})
public final class ExpertsCommand implements Callable<Integer> {
  private static final int PEAK_SIDE = 8192;
  private static final int PEAK_SAMPLES = 11;
  private static final Duration SILENCE = Duration.ofMinutes(1);

  @Option(
      names = "--tokens",
      split = ",",
      required = true,
      description = "Number of tokens of each expert.")
  private List<Integer> tokens;

  @Mixin private ShapeOption shape;

  @Mixin private GpuOption gpu;

  @Option(
      names = "--packages",
      paramLabel = "DIR",
      description = "Folder of kernel packages; those of grouped products are measured too.")
  private Path packages;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "File of measurements for dispatch, to which those of these tokens are added. The"
              + " distribution of the tokens is part of a product's name.")
  private Path out;

  @Override
  public Integer call() throws IOException, InterruptedException {
    int[] counts = tokens.stream().mapToInt(Integer::intValue).toArray();
    ModelSpec model = shape.model();
    try (Kernels kernels = gpu.open();
        CudaStream stream = new CudaStream();
        CublasLt library = new CublasLt();
        GemmBench peaks = new GemmBench(library, kernels, PEAK_SAMPLES);
        ExpertBench bench =
            new ExpertBench(library, kernels.grouped(), kernels.quantize(), kernels.check());
        DeviceResources loaded = new DeviceResources()) {
      List<LoadedPackage> found = packages == null ? List.of() : load(kernels, stream, loaded);
      double bytesPerMicro = new BandwidthBench(kernels, stream).copyBytesPerMicro();
      List<KernelRun> best = peaks.run(new GemmSite("peak", PEAK_SIDE, PEAK_SIDE), PEAK_SIDE);
      double[] flopsPerMicro = {flopsPerMicro(best, false), flopsPerMicro(best, true)};
      System.out.printf(
          Locale.ROOT,
          "copy %.2f TB/s, cuBLASLt at %d^3: BF16 %.0f, E4M3 %.0f TFLOP/s%ntokens %s%n",
          bytesPerMicro * 1e-6,
          PEAK_SIDE,
          flopsPerMicro[0] * 1e-6,
          flopsPerMicro[1] * 1e-6,
          Arrays.toString(counts));
      System.out.printf(
          "%-13s %-5s %10s %10s %13s %16s %9s %8s%n",
          "k x out",
          "",
          "grouped us",
          "singles us",
          "memory floor",
          "arithmetic floor",
          "of floor",
          "error");
      GroupedFigures figures =
          new GroupedFigures(
              model.name(), kernels.context().device().name(), library.version(), counts);
      int inner = model.expertIntermediate();
      List<GemmSite> projections =
          List.of(
              new GemmSite("experts.gate_up", 2 * inner, model.hidden()),
              new GemmSite("experts.down", model.hidden(), inner));
      for (GemmSite projection : projections) {
        for (boolean e4m3 : new boolean[] {false, true}) {
          ExpertBench.Result result =
              bench.run(e4m3, counts, projection.out(), projection.k(), found);
          figures.add(projection, e4m3, result);
          double memory = result.bytes() / bytesPerMicro;
          double arithmetic = result.flops() / flopsPerMicro[e4m3 ? 1 : 0];
          System.out.printf(
              Locale.ROOT,
              "%-13s %-5s %10.1f %10.1f %13.1f %16.1f %7.1f %% %8.4f%n",
              projection.k() + " x " + projection.out(),
              e4m3 ? "e4m3" : "bf16",
              result.grouped().median(),
              result.singles().median(),
              memory,
              arithmetic,
              100 * Math.max(memory, arithmetic) / result.grouped().median(),
              result.error().relativeFrobenius());
          for (ExpertBench.Packaged other : result.packages()) {
            System.out.printf(
                Locale.ROOT,
                "%-19s %10.1f  %s, %s, error %.4f%n",
                "",
                other.timing().median(),
                other.library(),
                other.variant(),
                other.error().relativeFrobenius());
          }
        }
      }
      if (out != null) {
        Files.write(out, figures.lines(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      }
      return 0;
    }
  }

  private List<LoadedPackage> load(Kernels kernels, CudaStream stream, DeviceResources loaded)
      throws IOException, InterruptedException {
    PackageRuns runs =
        new PackageRuns(
            List.of(), List.of(), gpu.number(), kernels.context().device().name(), SILENCE);
    List<LoadedPackage> all = new ArrayList<>();
    for (Path folder : KernelPackage.folders(packages)) {
      KernelPackage found = KernelPackage.read(folder);
      if (!found.grouped()) {
        continue;
      }
      Optional<String> refusal = runs.refusal(folder);
      if (refusal.isPresent()) {
        System.out.println(found.library() + " is refused: " + refusal.get());
      } else {
        all.add(loaded.hold(LoadedPackage.of(folder, found, kernels.context().device(), stream)));
      }
    }
    return all;
  }

  /** Times the library's fastest kernel, in BF16 or FP8. */
  private static double flopsPerMicro(List<KernelRun> runs, boolean fp8) {
    double fastest =
        runs.stream()
            .filter(run -> run.recipe().fp8() == fp8 && run.matmul() != null)
            .mapToDouble(run -> run.matmul().median())
            .min()
            .orElseThrow();
    return 2.0 * PEAK_SIDE * PEAK_SIDE * PEAK_SIDE / fastest;
  }
}
