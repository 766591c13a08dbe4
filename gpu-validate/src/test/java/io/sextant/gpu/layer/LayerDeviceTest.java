package io.sextant.gpu.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.gpu.cuda.CudaDevices;
import io.sextant.gpu.cuda.DeviceResources;
import io.sextant.gpu.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A layer on all GPUs of the machine, each a node of its own; needs a GPU. */
@EnabledIf(
    value = "io.sextant.gpu.TestGpu#isThere",
    disabledReason = "no CUDA device on this machine")
class LayerDeviceTest {
  private static final int SLOTS_OF_GPU = 8;
  private static final int TOP_K = 4;
  private static final int TOKENS = 333;

  @ParameterizedTest
  @CsvSource({
    "NODE_DEDUPLICATED,false",
    "NODE_DEDUPLICATED,true",
    "PER_EXPERT,false",
    "PER_EXPERT,true"
  })
  void rowsArriveAndOutputsAreComplete(LayerTransport transport, boolean graphs) {
    int gpus = CudaDevices.list().devices().size();
    Random random = new Random(1);
    int[] sources = random.ints(TOKENS, 0, gpus).toArray();
    int[] slots = new int[TOKENS * TOP_K];
    for (int t = 0; t < TOKENS; t++) {
      int[] chosen = random.ints(0, gpus * SLOTS_OF_GPU).distinct().limit(TOP_K).toArray();
      System.arraycopy(chosen, 0, slots, t * TOP_K, TOP_K);
    }
    RoutedBatch batch =
        new RoutedBatch(
            "map",
            "prefill",
            "day",
            1,
            0,
            gpus,
            gpus,
            gpus * SLOTS_OF_GPU,
            TOP_K,
            RoutedBatch.pack(sources, slots));
    for (boolean e4m3 : new boolean[] {false, true}) {
      LayerShape shape =
          new LayerShape(
              e4m3, SLOTS_OF_GPU, 1024, 512, ExpertParallelLayer.rows(batch, transport), TOKENS);
      try (DeviceResources resources = new DeviceResources()) {
        List<Kernels> devices = new ArrayList<>();
        for (int g = 0; g < gpus; g++) {
          devices.add(resources.hold(Kernels.open(g)));
        }
        ExpertParallelLayer layer = resources.hold(new ExpertParallelLayer(devices, shape, graphs));
        assertThat(layer.check(batch, transport, 50, TOKENS)).isLessThan(2);
      }
    }
  }
}
