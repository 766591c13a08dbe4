package io.sextant.jobs.gpu;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.expert.ExpertLayer;
import io.sextant.gpu.expert.ExpertTimes;
import io.sextant.gpu.expert.Replay;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.jobs.gpu.option.GpuOption;
import io.sextant.jobs.gpu.option.PrecisionOption;
import io.sextant.jobs.gpu.option.ShapeOption;
import io.sextant.schema.spec.ModelSpec;
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

  @Override
  public Integer call() {
    ModelSpec model = shape.model();
    int slots = Collections.max(experts);
    try (Kernels kernels = gpu.open();
        CudaStream stream = new CudaStream();
        ExpertLayer layer =
            new ExpertLayer(
                kernels,
                stream,
                precision.e4m3(),
                new ExpertLayer.Shape(
                    slots, model.hidden(), model.expertIntermediate(), Collections.max(rows)))) {
      ExpertTimes times = new ExpertTimes(new Replay(layer, stream), slots);
      times.micros(rows.get(rows.size() - 1), slots);
      System.out.printf(
          "expert_times:%n  - hidden: %d%n    expert_intermediate: %d%n    precision: %s%n"
              + "    rows: %s%n    experts: %s%n    micros:%n",
          model.hidden(), model.expertIntermediate(), precision.id(), rows, experts);
      for (int active : experts) {
        System.out.println(
            rows.stream()
                .map(count -> times.micros(Math.max(count, active), active))
                .map(micros -> String.format(Locale.ROOT, "%.1f", micros))
                .collect(Collectors.joining(", ", "      - [", "]")));
      }
    }
    return 0;
  }
}
