package io.sextant.gpu.layer;

import io.sextant.gpu.cuda.DeviceBuffer;
import java.util.Arrays;
import java.util.List;

/** Compares the rows that a layer delivered with those that were sent, for some tokens. */
final class DeliveryCheck {
  private final List<LayerGpu> gpus;
  private final LayerShape shape;
  private final RowPlaces places;

  DeliveryCheck(List<LayerGpu> gpus, LayerShape shape, RoutedBatch batch) {
    this.gpus = gpus;
    this.shape = shape;
    this.places = new RowPlaces(batch, batch.routing());
  }

  /** As {@link ExpertParallelLayer#check}. */
  double run(int samples) {
    double worst = 0;
    int count = Math.min(samples, places.tokens());
    for (int i = 0; i < count; i++) {
      worst = Math.max(worst, compare((int) ((long) i * places.tokens() / count)));
    }
    return worst;
  }

  private double compare(int token) {
    LayerGpu home = gpus.get(places.home(token));
    home.makeCurrent();
    byte[] sent = row(home.tokens(), places.place(token), shape.dispatchBytes());
    float[] outputs = floats(row(home.results(), places.place(token), shape.combineBytes()));
    double[] sums = new double[outputs.length];
    double[] magnitudes = new double[outputs.length];
    for (int i = token * places.topK(); i < (token + 1) * places.topK(); i++) {
      LayerGpu gpu = gpus.get(places.gpuOfChoice(i));
      gpu.makeCurrent();
      if (!Arrays.equals(
          sent, row(gpu.experts().rows(), places.rowOfChoice(i), shape.dispatchBytes()))) {
        throw new IllegalStateException(
            "the row of choice %d of token %d is not the one that was sent"
                .formatted(i % places.topK(), token));
      }
      float[] result =
          floats(row(gpu.experts().outputs(), places.rowOfChoice(i), shape.combineBytes()));
      for (int at = 0; at < sums.length; at++) {
        sums[at] += result[at] / (double) places.topK();
        magnitudes[at] += Math.abs(result[at]) / (double) places.topK();
      }
    }
    double worst = 0;
    for (int at = 0; at < sums.length; at++) {
      // A sum of both signs is as exact as its terms, not as its value.
      double last = Math.max(Float.MIN_NORMAL, magnitudes[at] / 256);
      worst = Math.max(worst, Math.abs(outputs[at] - sums[at]) / last);
    }
    return worst;
  }

  private static byte[] row(DeviceBuffer buffer, int row, int bytes) {
    return buffer.part((long) row * bytes, bytes).toBytes(bytes);
  }

  private static float[] floats(byte[] bf16) {
    float[] values = new float[bf16.length / Short.BYTES];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(((bf16[2 * i + 1] << 8) | (bf16[2 * i] & 0xFF)) << 16);
    }
    return values;
  }
}
