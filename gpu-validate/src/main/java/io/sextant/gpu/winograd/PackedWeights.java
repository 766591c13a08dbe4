package io.sextant.gpu.winograd;

import io.sextant.numerics.format.Half;
import io.sextant.numerics.winograd.BlockPruning;
import io.sextant.numerics.winograd.WinogradWeights;
import io.sextant.schema.InvalidInputException;
import java.util.Arrays;
import java.util.Locale;

/**
 * Winograd weights in the layout of the kernel: blocks of 8 outputs by 16 inputs at a position,
 * each in the order of the tensor cores' registers (PTX, mma.m16n8k16: thread t holds output t / 4,
 * inputs 2 (t mod 4) + 0, 1, 8, 9). Blocks with only zeros are omitted.
 *
 * @param blocks weights in binary16, 128 values per block
 * @param meta block table, shape [positions][blocks of outputs of a thread block][blocks of
 *     inputs]: index of the first block, times 65,536, plus a bit mask of the stored 8-output
 *     blocks
 * @param count number of blocks
 */
record PackedWeights(short[] blocks, int[] meta, int count) {
  private static final int THREADS = 32;
  private static final int VALUES_OF_THREAD = 4;
  private static final int VALUES = THREADS * VALUES_OF_THREAD;
  private static final int MASK_BITS = 16;

  /** Block indices have 16 bits. */
  private static final int MOST_BLOCKS = 1 << 16;

  /**
   * Packs the weights of a layer.
   *
   * @param outputsOfBlock number of outputs of a thread block
   * @param all whether to keep blocks of zeros, which the dense kernel needs
   * @throws InvalidInputException if a sparse layer has more than 65,536 blocks
   */
  static PackedWeights of(WinogradWeights weights, int outputsOfBlock, boolean all) {
    int outputBlocks = weights.out() / outputsOfBlock;
    int inputBlocks = weights.in() / BlockPruning.INPUTS;
    int perBlock = outputsOfBlock / BlockPruning.OUTPUTS;
    int positions = weights.tile().positions();
    short[] blocks = new short[positions * weights.out() * weights.in()];
    int[] meta = new int[positions * outputBlocks * inputBlocks];
    short[] block = new short[VALUES];
    int count = 0;
    for (int entry = 0; entry < meta.length; entry++) {
      int position = entry / inputBlocks / outputBlocks;
      int output0 = entry / inputBlocks % outputBlocks * outputsOfBlock;
      int input0 = entry % inputBlocks * BlockPruning.INPUTS;
      int first = count;
      int there = 0;
      for (int n = 0; n < perBlock; n++) {
        boolean any = fill(block, weights, position, output0 + n * BlockPruning.OUTPUTS, input0);
        if (any || all) {
          System.arraycopy(block, 0, blocks, count * VALUES, VALUES);
          there |= 1 << n;
          count++;
        }
      }
      meta[entry] = first << MASK_BITS | there;
    }
    if (!all && count > MOST_BLOCKS) {
      throw InvalidInputException.of(
          "a layer of %d inputs and %d outputs".formatted(weights.in(), weights.out()),
          String.format(
              Locale.ROOT,
              "%,d blocks are left; the sparse kernel can number %,d",
              count,
              MOST_BLOCKS),
          "Raise --sparsity, or remove the layer");
    }
    return new PackedWeights(Arrays.copyOf(blocks, Math.max(1, count) * VALUES), meta, count);
  }

  private static boolean fill(
      short[] block, WinogradWeights weights, int position, int output0, int input0) {
    boolean any = false;
    for (int i = 0; i < VALUES; i++) {
      int thread = i / VALUES_OF_THREAD;
      int value = i % VALUES_OF_THREAD;
      int input = input0 + 2 * (thread % 4) + value % 2 + 8 * (value / 2);
      double weight = weights.values()[weights.index(position, output0 + thread / 4, input)];
      any |= weight != 0;
      block[i] = Half.bits(weight);
    }
    return any;
  }

  /** Share of the blocks that are omitted. */
  double sparsity(WinogradWeights weights) {
    int blocksOfAll = weights.values().length / (BlockPruning.OUTPUTS * BlockPruning.INPUTS);
    return 1 - (double) count / blocksOfAll;
  }
}
