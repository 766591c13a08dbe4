package io.sextant.jobs.gpu;

import io.sextant.gpu.cuda.CudaContext;
import io.sextant.gpu.validate.TransferBench;
import io.sextant.jobs.gpu.option.ShapeOption;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ClusterSpec;
import io.sextant.schema.spec.ClusterSpecs;
import io.sextant.schema.spec.ModelSpec;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sextant gpu-validate transfer}. */
@Command(
    name = "transfer",
    description =
        "Measures sending hidden states between two GPUs of this machine and back, and"
            + " compares with the rates of a cluster description.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "A token is sent in FP8 and returned in BF16, as in DeepEP.",
      "Example: sextant gpu-validate transfer --gpus 0,1 --cluster 4x8-h200"
    })
final class TransferCommand implements Callable<Integer> {
  private static final int COMBINE_BYTES = 2;

  @Option(
      names = "--gpus",
      split = ",",
      defaultValue = "0,1",
      description = "The two GPUs (default ${DEFAULT-VALUE}).")
  private List<Integer> gpus;

  @Mixin private ShapeOption shape;

  @Option(
      names = "--cluster",
      required = true,
      paramLabel = "NAME",
      description = "Cluster whose rate within a node gives the prediction.")
  private String cluster;

  @Option(
      names = "--tokens",
      split = ",",
      defaultValue = "1,64,256,1024,4096,8192,65536",
      description = "Numbers of tokens (default ${DEFAULT-VALUE}).")
  private List<Integer> tokens;

  @Override
  public Integer call() {
    if (gpus.size() != 2 || gpus.get(0).equals(gpus.get(1))) {
      throw InvalidInputException.of(
          "--gpus", gpus + " are not two GPUs", "Give two numbers, for example 0,1");
    }
    ModelSpec model = shape.model();
    ClusterSpec spec = ClusterSpecs.load(cluster);
    try (CudaContext near = CudaContext.open(gpus.get(0));
        CudaContext far = CudaContext.open(gpus.get(1));
        TransferBench bench = new TransferBench(near, far)) {
      System.out.printf(
          "%-8s %12s %12s %12s %12s%n",
          "tokens", "dispatch us", "model us", "combine us", "model us");
      for (int count : tokens) {
        long bytes = (long) count * model.hidden();
        double bytesPerMicro = spec.intraNodeGigabytesPerSecond() * 1e3;
        System.out.printf(
            Locale.ROOT,
            "%-8d %12.1f %12.1f %12.1f %12.1f%n",
            count,
            bench.dispatchMicros(bytes),
            bytes / bytesPerMicro,
            bench.combineMicros(COMBINE_BYTES * bytes),
            COMBINE_BYTES * bytes / bytesPerMicro);
      }
    }
    return 0;
  }
}
