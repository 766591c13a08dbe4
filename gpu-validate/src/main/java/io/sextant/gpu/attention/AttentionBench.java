package io.sextant.gpu.attention;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.kernel.AttentionKernels;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.measure.Stopwatch;
import io.sextant.gpu.measure.Timing;

/** Times 2-simplicial attention, and the dot-product attention that costs the same beside it. */
public final class AttentionBench implements AutoCloseable {
  private static final int SAMPLES = 5;

  private final Kernels kernels;
  private final CudaStream stream = new CudaStream();
  private final Stopwatch stopwatch = new Stopwatch(stream);

  /** The kernels stay the caller's to close. */
  public AttentionBench(Kernels kernels) {
    this.kernels = kernels;
  }

  /**
   * What one attention took.
   *
   * @param operations as arXiv 2507.02754 counts them: 6 w1 w2 a token, query head and feature,
   *     against 2 tokens of causal dot-product attention
   * @param tensorOperations what tensor cores did of it: 4 a pair of a query with a key and a
   *     second key that it sees, and feature; the folding of k' and v' is the rest
   */
  public record Result(Timing timing, double operations, double tensorOperations) {
    /** Of {@link #operations}. */
    public double teraPerSecond() {
      return operations / timing.median() * 1e-6;
    }

    /** Of {@link #tensorOperations}. */
    public double tensorTeraPerSecond() {
      return tensorOperations / timing.median() * 1e-6;
    }
  }

  /** Times 2-simplicial attention. */
  public Result simplicial(AttentionKernels.Shape shape, int w1, int w2) {
    try (Buffers buffers = new Buffers(shape)) {
      Timing timing =
          stopwatch.time(
              1,
              SAMPLES,
              rotation -> kernels.attention().simplicial(stream, shape, buffers.operands, w1, w2));
      double heads = (double) shape.keyHeads() * shape.headsOfKey() * AttentionKernels.WIDTH;
      double pairs = 0;
      for (int token = 0; token < shape.tokens(); token++) {
        pairs += (double) Math.min(token + 1, w1) * Math.min(token + 1, w2);
      }
      return new Result(timing, operations(shape.tokens(), w1, w2) * heads, 4 * pairs * heads);
    }
  }

  /** Times causal dot-product attention over the whole sequence. */
  public Result dotProduct(AttentionKernels.Shape shape) {
    try (Buffers buffers = new Buffers(shape)) {
      Timing timing =
          stopwatch.time(
              1,
              SAMPLES,
              rotation -> kernels.attention().dotProduct(stream, shape, buffers.operands));
      double heads = (double) shape.keyHeads() * shape.headsOfKey() * AttentionKernels.WIDTH;
      double tokens = shape.tokens();
      return new Result(timing, 2 * tokens * tokens * heads, 2 * tokens * (tokens + 1) * heads);
    }
  }

  /** Of one query head and feature, as the paper counts them. */
  static double operations(int tokens, int w1, int w2) {
    return 6.0 * tokens * w1 * w2;
  }

  /** Tokens at which causal dot-product attention has as many operations as windows: 3 w1 w2. */
  public static int equalContext(int w1, int w2) {
    return 3 * w1 * w2;
  }

  /**
   * The context from which on dot-product attention takes longer, from its rate at a context of
   * about that size: 2-simplicial attention takes the same time for every token, the other one a
   * time that grows with the context.
   *
   * @param simplicial at any context that is long against its windows
   * @param tokens of that run
   * @param dotProduct at {@code dotTokens}
   */
  public static double crossover(Result simplicial, int tokens, Result dotProduct, int dotTokens) {
    double microsOfToken = simplicial.timing().median() / tokens;
    double microsOfTokenAndContext =
        dotProduct.timing().median() / ((double) dotTokens * dotTokens);
    return microsOfToken / microsOfTokenAndContext;
  }

  @Override
  public void close() {
    stream.close();
  }

  /** Gaussian operands. */
  private final class Buffers implements AutoCloseable {
    private final AttentionKernels.Operands operands;

    Buffers(AttentionKernels.Shape shape) {
      operands =
          new AttentionKernels.Operands(
              filled(shape.queries(), 1),
              filled(shape.keys(), 2),
              filled(shape.keys(), 3),
              filled(shape.keys(), 4),
              filled(shape.keys(), 5),
              new DeviceBuffer(Short.BYTES * shape.queries()));
    }

    private DeviceBuffer filled(long count, int seed) {
      DeviceBuffer buffer = new DeviceBuffer(Short.BYTES * count);
      kernels.check().fill(stream, buffer, AttentionKernels.WIDTH, 1, 0, seed);
      return buffer;
    }

    @Override
    public void close() {
      operands.queries().close();
      operands.keys().close();
      operands.values().close();
      operands.secondKeys().close();
      operands.secondValues().close();
      operands.outputs().close();
    }
  }
}
