package io.sextant.jobs.plan;

import io.sextant.jobs.window.CountedLayer;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * Tokens of each expert in consecutive parts of a window, from the counts of engines. Steps are in
 * their order, and neighbouring steps are added up until the number of parts is small enough.
 *
 * @param steps number of counted steps in the window
 * @param choices number of times that a token chose an expert, by layer
 * @param tokens tokens of shape [layers][parts][experts]
 */
record LoadSamples(long steps, long[] choices, int[][][] tokens) {
  private static final int MOST = 128;

  private static final long MILLIS_PER_MINUTE = 60_000;

  /**
   * A step, summed over all ranks that counted it. Engines count from the start of a recording, so
   * two recordings of a day have steps of the same number; ranks write theirs in the same minute,
   * as in {@link io.sextant.jobs.window.ArrivalOrder}.
   */
  private record Step(long minute, long number) implements Serializable {
    static Step of(CountedLayer counted) {
      return new Step(Math.floorDiv(counted.arrivalMillis(), MILLIS_PER_MINUTE), counted.step());
    }
  }

  private static final class InOrder implements Comparator<Step>, Serializable {
    @Override
    public int compare(Step a, Step b) {
      int byMinute = Long.compare(a.minute, b.minute);
      return byMinute != 0 ? byMinute : Long.compare(a.number, b.number);
    }
  }

  /**
   * @param counts rows with the columns that {@link CountedLayer} reads
   * @throws InvalidInputException if a layer was never counted
   */
  static LoadSamples of(Dataset<Row> counts, ModelSpec model) {
    List<Integer> layers = model.moeLayers();
    int experts = model.experts();
    JavaPairRDD<Step, long[]> bySteps =
        counts
            .toJavaRDD()
            .mapToPair(
                row -> {
                  CountedLayer counted = CountedLayer.of(row, model);
                  long[] all = new long[layers.size() * experts];
                  System.arraycopy(
                      counted.tokens(), 0, all, layers.indexOf(counted.layer()) * experts, experts);
                  return new Tuple2<>(Step.of(counted), all);
                })
            .reduceByKey(LoadSamples::sum)
            .sortByKey(new InOrder())
            .cache();
    long steps = bySteps.count();
    int stretches = (int) Math.min(MOST, steps);
    List<Tuple2<Integer, long[]>> sums =
        bySteps
            .values()
            .zipWithIndex()
            .mapToPair(step -> new Tuple2<>((int) (step._2() * stretches / steps), step._1()))
            .reduceByKey(LoadSamples::sum)
            .collect();
    bySteps.unpersist();
    // Only shares matter, so all counts are halved if an int cannot hold one of them.
    long most = sums.stream().flatMapToLong(sum -> Arrays.stream(sum._2())).max().orElse(0);
    int halvings = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(most) - 30);
    int[][][] tokens = new int[layers.size()][stretches][experts];
    long[] choices = new long[layers.size()];
    for (Tuple2<Integer, long[]> stretch : sums) {
      for (int i = 0; i < stretch._2().length; i++) {
        tokens[i / experts][stretch._1()][i % experts] = (int) (stretch._2()[i] >> halvings);
        choices[i / experts] += stretch._2()[i];
      }
    }
    for (int l = 0; l < tokens.length; l++) {
      if (Arrays.stream(tokens[l]).flatMapToInt(Arrays::stream).noneMatch(count -> count > 0)) {
        throw InvalidInputException.of(
            "load counts of model " + model.name(),
            "layer %d was never counted".formatted(layers.get(l)),
            "Ingest counts of every MoE layer");
      }
    }
    return new LoadSamples(steps, choices, tokens);
  }

  private static long[] sum(long[] a, long[] b) {
    long[] sum = a.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += b[i];
    }
    return sum;
  }

  /** Tokens of a layer; shape [parts][experts]. */
  int[][] ofLayer(int layerIndex) {
    return tokens[layerIndex];
  }

  /** Number of times that a token chose an expert of a layer, over the whole window. */
  long choices(int layerIndex) {
    return choices[layerIndex];
  }

  /** Tokens of each expert over the whole window; shape [experts]. */
  double[] expertLoad(int layerIndex) {
    double[] load = new double[tokens[layerIndex][0].length];
    for (int[] stretch : tokens[layerIndex]) {
      for (int e = 0; e < load.length; e++) {
        load[e] += stretch[e];
      }
    }
    return load;
  }
}
