package io.sextant.gpu.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs the lists of a plan on the host: every row arrives, and every output is complete. */
class LayerPlanTest {
  private static final int TOKENS = 97;
  private static final int TOP_K = 4;
  private static final int SLOTS_OF_GPU = 6;

  @ParameterizedTest
  @CsvSource({"1,1", "1,2", "2,1", "2,4", "4,2", "8,1", "1,8"})
  void rowsArriveAndOutputsAreComplete(int nodes, int gpusPerNode) {
    int gpus = nodes * gpusPerNode;
    Random random = new Random(gpus);
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
            nodes,
            gpus,
            gpus * SLOTS_OF_GPU,
            TOP_K,
            RoutedBatch.pack(sources, slots));
    assertThat(batch.routing().sourceGpus()).isEqualTo(sources);
    assertThat(batch.routing().slots()).isEqualTo(slots);
    for (LayerTransport transport : LayerTransport.values()) {
      run(batch, LayerPlan.of(batch, transport), transport);
    }
  }

  /** Token t has the value t + 1; the expert of slot s multiplies it by s + 1. */
  private static void run(RoutedBatch batch, LayerPlan plan, LayerTransport transport) {
    RowPlaces places = new RowPlaces(batch, batch.routing());
    int gpus = batch.gpus();
    double[][] tokens = new double[gpus][TOKENS];
    double[][] rows = new double[gpus][plan.bufferRows()];
    double[][] outputs = new double[gpus][plan.bufferRows()];
    double[][] results = new double[gpus][TOKENS];
    for (int t = 0; t < TOKENS; t++) {
      tokens[places.home(t)][places.place(t)] = t + 1;
    }
    int limited = 0;
    for (List<PullList> step : plan.dispatch()) {
      for (int g = 0; g < gpus; g++) {
        PullList list = step.get(g);
        limited += list.limited();
        for (int i = 0; i < list.from().size(); i++) {
          PullList.Place from = list.from().get(i);
          assertThat(i < list.limited()).isEqualTo(places.node(from.gpu()) != places.node(g));
          double value = (from.token() ? tokens : rows)[from.gpu()][from.row()];
          for (int j = list.starts()[i]; j < list.starts()[i + 1]; j++) {
            rows[g][list.to()[j]] = value;
          }
        }
      }
    }
    int[] slots = batch.routing().slots();
    for (int i = 0; i < slots.length; i++) {
      int g = places.gpuOfChoice(i);
      int row = places.rowOfChoice(i);
      assertThat(rows[g][row]).isEqualTo(i / TOP_K + 1);
      outputs[g][row] = rows[g][row] * (slots[i] + 1);
    }
    for (List<ReduceList> step : plan.combine()) {
      for (int g = 0; g < gpus; g++) {
        ReduceList list = step.get(g);
        for (int i = 0; i < list.sums(); i++) {
          double sum = 0;
          for (int j = list.starts()[i]; j < list.starts()[i + 1]; j++) {
            PullList.Place from = list.from().get(j);
            sum += list.weights()[j] * outputs[from.gpu()][from.row()];
          }
          (list.finalOutputs() ? results : outputs)[g][list.firstTarget() + i] = sum;
        }
      }
    }
    for (int t = 0; t < TOKENS; t++) {
      double expected = 0;
      for (int i = t * TOP_K; i < (t + 1) * TOP_K; i++) {
        expected += (t + 1.0) * (slots[i] + 1) / TOP_K;
      }
      assertThat(results[places.home(t)][places.place(t)]).isEqualTo(expected);
    }
    assertThat(limited).isEqualTo(crossings(batch, places, transport));
  }

  /** Tokens that cross to another node: once per node, or once per choice. */
  private static int crossings(RoutedBatch batch, RowPlaces places, LayerTransport transport) {
    int count = 0;
    int[] slots = batch.routing().slots();
    for (int t = 0; t < TOKENS; t++) {
      int home = places.node(places.home(t));
      int[] nodes =
          Arrays.stream(slots, t * TOP_K, (t + 1) * TOP_K)
              .map(slot -> places.node(slot / SLOTS_OF_GPU))
              .filter(node -> node != home)
              .toArray();
      count +=
          transport == LayerTransport.PER_EXPERT
              ? nodes.length
              : (int) Arrays.stream(nodes).distinct().count();
    }
    return count;
  }
}
