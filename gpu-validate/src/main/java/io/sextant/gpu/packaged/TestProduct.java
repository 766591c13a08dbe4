package io.sextant.gpu.packaged;

import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.cuda.DeviceResources;
import io.sextant.gpu.cuda.GuardedBuffer;
import io.sextant.numerics.format.Bf16;
import io.sextant.numerics.gemm.EmulatedGemm;
import io.sextant.numerics.gemm.Recipe;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A small product whose operands lie between guard zones on the device, with its reference. */
final class TestProduct implements AutoCloseable {
  private final int[] tokensOfExpert;
  private final int n;
  private final int k;
  private final HostOperand activations;
  private final HostOperand weights;
  private final float[] expected;
  private final Map<String, GuardedBuffer> buffers = new LinkedHashMap<>();
  private final Map<String, byte[]> inputs = new LinkedHashMap<>();
  private final DeviceResources resources = new DeviceResources();

  /**
   * @param expected the emulation's outputs, shape [tokens, n]
   */
  private TestProduct(
      int[] tokensOfExpert,
      int n,
      int k,
      HostOperand activations,
      HostOperand weights,
      float[] expected) {
    this.tokensOfExpert = tokensOfExpert;
    this.n = n;
    this.k = k;
    this.activations = activations;
    this.weights = weights;
    this.expected = expected;
  }

  /** A product with exactly one correct result. */
  static TestProduct exact(Recipe recipe, int[] tokensOfExpert, int n, int k) {
    Random random = new Random(n + 31L * k + tokensOfExpert.length);
    int m = Arrays.stream(tokensOfExpert).sum();
    HostOperand activations = HostOperand.exact(recipe.activations(), m, k, random);
    HostOperand weights = HostOperand.exact(recipe.weights(), n * tokensOfExpert.length, k, random);
    return new TestProduct(
        tokensOfExpert,
        n,
        k,
        activations,
        weights,
        reference(tokensOfExpert, n, k, activations.values(), weights.values()));
  }

  /**
   * A product of values whose rows and columns differ in magnitude.
   *
   * @param plain receives the outputs of the operands before they are rounded to the recipe
   */
  static TestProduct rounded(
      Recipe recipe, int[] tokensOfExpert, int n, int k, List<float[]> plain) {
    Random random = new Random(7 + n + 31L * k);
    int m = Arrays.stream(tokensOfExpert).sum();
    float[] x = HostOperand.spread(m, k, random);
    float[] w = HostOperand.spread(n * tokensOfExpert.length, k, random);
    plain.add(exact(tokensOfExpert, n, k, x, w));
    HostOperand activations = HostOperand.rounded(recipe.activations(), x, m, k);
    HostOperand weights = HostOperand.rounded(recipe.weights(), w, n * tokensOfExpert.length, k);
    return new TestProduct(
        tokensOfExpert,
        n,
        k,
        activations,
        weights,
        reference(tokensOfExpert, n, k, activations.values(), weights.values()));
  }

  private static float[] reference(
      int[] tokensOfExpert, int n, int k, float[] activations, float[] weights) {
    float[] outputs = exact(tokensOfExpert, n, k, activations, weights);
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = Bf16.round(outputs[i]);
    }
    return outputs;
  }

  private static float[] exact(
      int[] tokensOfExpert, int n, int k, float[] activations, float[] weights) {
    float[] outputs = new float[Arrays.stream(tokensOfExpert).sum() * n];
    int first = 0;
    for (int expert = 0; expert < tokensOfExpert.length; expert++) {
      int count = tokensOfExpert[expert];
      float[] part =
          EmulatedGemm.exact(
              Arrays.copyOfRange(activations, first * k, (first + count) * k),
              Arrays.copyOfRange(weights, expert * n * k, (expert + 1) * n * k),
              count,
              n,
              k);
      System.arraycopy(part, 0, outputs, first * n, part.length);
      first += count;
    }
    return outputs;
  }

  /** Copies the operands to the device. */
  PackagedProduct onDevice() {
    int[] offsets = new int[tokensOfExpert.length + 1];
    for (int i = 0; i < tokensOfExpert.length; i++) {
      offsets[i + 1] = offsets[i] + tokensOfExpert[i];
    }
    GuardedBuffer outputs = resources.hold(new GuardedBuffer(2L * expected.length));
    buffers.put("outputs", outputs);
    DeviceBuffer firsts = resources.hold(DeviceBuffer.of(offsets));
    return new PackagedProduct(
        tokensOfExpert,
        n,
        k,
        new PackagedProduct.Addresses(
            input("activations", activations.data()),
            input("weights", weights.data()),
            outputs.view().address(),
            input("activation scales", activations.scales()),
            input("weight scales", weights.scales()),
            firsts.address()));
  }

  private long input(String name, byte[] data) {
    if (data.length == 0) {
      return 0;
    }
    GuardedBuffer buffer = resources.hold(new GuardedBuffer(data.length));
    buffer.view().put(data);
    buffers.put(name, buffer);
    inputs.put(name, data);
    return buffer.view().address();
  }

  /** The reason to refuse what a kernel did to the memory; null if there is none. */
  String damage() {
    for (Map.Entry<String, GuardedBuffer> buffer : buffers.entrySet()) {
      if (!buffer.getValue().intact()) {
        return "it writes outside the " + buffer.getKey();
      }
    }
    for (Map.Entry<String, byte[]> input : inputs.entrySet()) {
      byte[] found = buffers.get(input.getKey()).view().toBytes(input.getValue().length);
      if (!Arrays.equals(found, input.getValue())) {
        return "it changes the " + input.getKey();
      }
    }
    return null;
  }

  /** The emulation's outputs. */
  float[] expected() {
    return expected;
  }

  /** The outputs on the device. */
  float[] outputs() {
    short[] bits = buffers.get("outputs").view().toShorts(expected.length);
    float[] values = new float[bits.length];
    for (int i = 0; i < bits.length; i++) {
      values[i] = Float.intBitsToFloat(bits[i] << 16);
    }
    return values;
  }

  @Override
  public void close() {
    resources.close();
  }
}
