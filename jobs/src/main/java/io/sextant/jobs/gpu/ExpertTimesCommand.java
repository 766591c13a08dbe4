package io.sextant.jobs.gpu;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceResources;
import io.sextant.gpu.expert.ExpertLayer;
import io.sextant.gpu.expert.ExpertTimes;
import io.sextant.gpu.expert.Replay;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.jobs.gpu.option.GpuOption;
import io.sextant.jobs.gpu.option.PrecisionOption;
import io.sextant.jobs.gpu.option.ShapeOption;
import io.sextant.schema.spec.ModelSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sextant gpu-validate expert-times}. */
@Command(
    name = "expert-times",
    description =
        "Measures the time of a GPU's expert work by rows and experts, for conf/clusters.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Prints the field expert_times of a cluster description.",
      "Example: sextant gpu-validate expert-times --shape deepseek-v3 --experts 1,2,4,5,9"
    })
final class ExpertTimesCommand implements Callable<Integer> {
  @Mixin private ShapeOption shape;

  @Option(
      names = "--experts",
      split = ",",
      defaultValue = "1,2,3,4,5,6,9",
      description = "Numbers of experts that have rows (default ${DEFAULT-VALUE}).")
  private List<Integer> experts;

  @Option(
      names = "--rows",
      split = ",",
      defaultValue = "16,64,128,256,512,768,1024,1536,2048,2560,3072,4096,6144,8192",
      description = "Numbers of rows over all experts (default ${DEFAULT-VALUE}).")
  private List<Integer> rows;

  @Mixin private PrecisionOption precision;

  @Mixin private GpuOption gpu;

  @Option(
      names = "--compare",
      split = ",",
      paramLabel = "N",
      description =
          "Numbers of further GPUs that run the same work. Their speed, as a part of that of --gpu,"
              + " is printed as gpu_speed.")
  private List<Integer> others = List.of();

  @Override
  public Integer call() {
    ModelSpec model = shape.model();
    List<Integer> numbers = new ArrayList<>(List.of(gpu.number()));
    numbers.addAll(others);
    double[][][] micros = measured(model, numbers);
    if (!others.isEmpty()) {
      System.out.println(
          "gpu_speed: "
              + Arrays.stream(micros)
                  .map(of -> String.format(Locale.ROOT, "%.4f", speed(micros[0], of)))
                  .toList());
    }
    System.out.printf(
        "expert_times:%n  - hidden: %d%n    expert_intermediate: %d%n    precision: %s%n"
            + "    rows: %s%n    experts: %s%n    micros:%n",
        model.hidden(), model.expertIntermediate(), precision.id(), rows, experts);
    for (double[] line : micros[0]) {
      System.out.println(
          Arrays.stream(line)
              .mapToObj(value -> String.format(Locale.ROOT, "%.1f", value))
              .collect(Collectors.joining(", ", "      - [", "]")));
    }
    return 0;
  }

  /**
   * The table of each GPU, shape [gpus, experts, rows]. The GPUs are measured in turns, because
   * their clocks fall as they get warm.
   */
  private double[][][] measured(ModelSpec model, List<Integer> numbers) {
    int slots = Collections.max(experts);
    ExpertLayer.Shape sizes =
        new ExpertLayer.Shape(
            slots, model.hidden(), model.expertIntermediate(), Collections.max(rows));
    double[][][] micros = new double[numbers.size()][experts.size()][rows.size()];
    try (DeviceResources resources = new DeviceResources()) {
      List<Kernels> kernels = new ArrayList<>();
      List<ExpertTimes> times = new ArrayList<>();
      for (int number : numbers) {
        Kernels of = resources.hold(Kernels.open(number));
        CudaStream stream = resources.hold(new CudaStream());
        ExpertLayer layer = resources.hold(new ExpertLayer(of, stream, precision.e4m3(), sizes));
        // Called first of this GPU's resources, which are freed in its context.
        resources.<AutoCloseable>hold(of.context()::makeCurrent);
        kernels.add(of);
        times.add(new ExpertTimes(new Replay(layer, stream), slots));
        // Warms up clocks and caches.
        times.get(times.size() - 1).micros(rows.get(rows.size() - 1), slots);
      }
      for (int e = 0; e < experts.size(); e++) {
        for (int r = 0; r < rows.size(); r++) {
          for (int g = 0; g < micros.length; g++) {
            kernels.get(g).context().makeCurrent();
            micros[g][e][r] =
                times.get(g).micros(Math.max(rows.get(r), experts.get(e)), experts.get(e));
          }
        }
      }
    }
    return micros;
  }

  /** The speed of a GPU as a part of that of the first: the geometric mean over all points. */
  private static double speed(double[][] first, double[][] other) {
    double sum = 0;
    int points = 0;
    for (int e = 0; e < first.length; e++) {
      for (int r = 0; r < first[e].length; r++) {
        sum += Math.log(first[e][r] / other[e][r]);
        points++;
      }
    }
    return Math.exp(sum / points);
  }
}
