package io.sextant.placement;

import io.sextant.placement.baseline.EplbPlacement;
import io.sextant.placement.baseline.LinearPlacement;
import io.sextant.placement.evaluate.CostModel;
import io.sextant.placement.evaluate.LayerEvaluator;
import io.sextant.placement.evaluate.MicroBatchRecord;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.trace.RequestTrace;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Prints how many token-layers {@link LayerEvaluator} scores in a second of CPU, once its code is
 * compiled: a row of a Markdown table a cluster. Not a test and not run by the build.
 *
 * <pre>java -Xmx3g -cp TEST_CLASS_PATH io.sextant.placement.EvaluatorRate PACK</pre>
 */
public final class EvaluatorRate {
  private static final int ROUNDS = 5;
  private static final CostModel FREE = new CostModel(0, 0, 0);

  private EvaluatorRate() {}

  public static void main(String[] args) {
    List<RequestTrace> requests = SampleTokens.read(Path.of(args[0]));
    print(requests, SlotLayout.of(4, 8, 128));
    print(requests, SlotLayout.of(4, 8, 160));
    print(requests, SlotLayout.of(8, 8, 128));
    print(requests, SlotLayout.of(8, 8, 192));
  }

  private static void print(List<RequestTrace> requests, SlotLayout layout) {
    int[][] maps = new int[6][];
    for (int layer = 0; layer < maps.length; layer++) {
      maps[layer] =
          layout.slots() == 128
              ? LinearPlacement.place(128, 128)
              : EplbPlacement.global(
                  SampleTokens.load(SampleTokens.layer(requests, layer, layout.nodes())), layout);
    }
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      long tokens = 0;
      for (int layer = 0; layer < maps.length; layer++) {
        LayerEvaluator evaluator =
            new LayerEvaluator(layout, maps[layer], 128, FREE, 8192, 256)
                .recordInto(new MicroBatchRecord());
        for (RequestTrace request : requests) {
          evaluator.add(
              request.experts()[layer],
              request.topK(),
              request.prefillTokens(),
              request.decodeTokens(),
              SampleTokens.sourceNode(request, layout.nodes()));
        }
        tokens += evaluator.tally().tokens();
      }
      long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
      best = Math.max(best, tokens * 1e9 / nanos);
    }
    System.out.printf(
        Locale.ROOT,
        "| evaluate, %d x %d, %d slots | %.1f M token-layers a second of CPU |%n",
        layout.nodes(),
        layout.gpusPerNode(),
        layout.slots(),
        best / 1e6);
  }
}
