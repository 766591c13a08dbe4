package io.sextant.numerics.winograd;

import java.util.Arrays;

/**
 * Prunes blocks of 8 outputs by 16 inputs at one position. One tensor-core instruction multiplies
 * one block, so the GPU can skip the instruction.
 */
public final class BlockPruning implements PruningOrder {
  /** Number of outputs of a block. */
  public static final int OUTPUTS = 8;

  /** Number of inputs of a block. */
  public static final int INPUTS = 16;

  private final WinogradWeights weights;
  private final int[] order;

  /**
   * @param weights weights of a layer whose numbers of outputs and inputs are multiples of a
   *     block's
   * @param tiles inputs that determine the importance of a block
   */
  BlockPruning(WinogradWeights weights, InputTiles tiles) {
    this.weights = weights;
    float[] importance = Importance.of(weights, tiles);
    float[] ofBlocks =
        new float[weights.tile().positions() * (weights.out() / OUTPUTS) * (weights.in() / INPUTS)];
    for (int position = 0; position < weights.tile().positions(); position++) {
      for (int output = 0; output < weights.out(); output++) {
        for (int input = 0; input < weights.in(); input++) {
          ofBlocks[block(position, output / OUTPUTS, input / INPUTS)] +=
              importance[weights.index(position, output, input)];
        }
      }
    }
    order = Importance.ascending(ofBlocks);
  }

  /** Whether a layer can be divided into blocks. */
  static boolean fits(ConvLayer layer) {
    return layer.out() % OUTPUTS == 0 && layer.in() % INPUTS == 0;
  }

  private int block(int position, int outputs, int inputs) {
    return (position * (weights.out() / OUTPUTS) + outputs) * (weights.in() / INPUTS) + inputs;
  }

  @Override
  public int steps() {
    return order.length;
  }

  @Override
  public WinogradWeights after(int steps) {
    double[] values = weights.values().clone();
    int inputBlocks = weights.in() / INPUTS;
    int outputBlocks = weights.out() / OUTPUTS;
    for (int i = 0; i < steps; i++) {
      int inputs = order[i] % inputBlocks * INPUTS;
      int outputs = order[i] / inputBlocks % outputBlocks * OUTPUTS;
      int position = order[i] / inputBlocks / outputBlocks;
      for (int output = outputs; output < outputs + OUTPUTS; output++) {
        int from = weights.index(position, output, inputs);
        Arrays.fill(values, from, from + INPUTS, 0);
      }
    }
    return new WinogradWeights(weights.tile(), weights.out(), weights.in(), values);
  }
}
