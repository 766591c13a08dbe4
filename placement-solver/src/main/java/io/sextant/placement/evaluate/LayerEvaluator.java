package io.sextant.placement.evaluate;

import io.sextant.placement.copies.LayerDispatch;
import io.sextant.placement.cost.CostModel;
import io.sextant.schema.spec.ServingProfile;

/**
 * Exact metrics of one layer's placement under a serving profile, fed with the rows of one file in
 * arrival order.
 *
 * <p>Rows are counted in up to three streams, each in batches of consecutive rows of its own: all
 * rows and the prefill rows alone in batches of the profile's prefill tokens, the decode rows alone
 * in its decode steps. GPUs that serve one phase have that stream alone. In a batch, each row uses
 * the copies that the profile's rule chooses and travels as the phase's transport does; batches of
 * both phases travel as in prefill.
 *
 * <p>An incomplete last batch counts for nothing, because its loads are not comparable. If a stream
 * has no complete batch at all, its rows count for the traffic alone. Not thread-safe.
 */
public final class LayerEvaluator {
  private final LayerDispatch dispatch;
  private final StreamEvaluator main;
  private final StreamEvaluator prefill;
  private final StreamEvaluator decode;

  /**
   * @param dispatch the layer's slots and the choice of copies
   * @param phases the phases of the rows that will be added
   */
  public LayerEvaluator(
      LayerDispatch dispatch, ServingProfile profile, ServedPhases phases, CostModel cost) {
    this.dispatch = dispatch;
    this.prefill = phases == ServedPhases.DECODE ? null : prefillStream(dispatch, profile, cost);
    this.decode =
        phases == ServedPhases.PREFILL
            ? null
            : new StreamEvaluator(
                dispatch, profile.decodeTransport(), profile.decodeTokens(), cost);
    this.main =
        switch (phases) {
          case BOTH -> prefillStream(dispatch, profile, cost);
          case PREFILL -> prefill;
          case DECODE -> decode;
        };
  }

  private static StreamEvaluator prefillStream(
      LayerDispatch dispatch, ServingProfile profile, CostModel cost) {
    return new StreamEvaluator(dispatch, profile.prefillTransport(), profile.prefillTokens(), cost);
  }

  /** Keeps the measures of every main batch that ends from now on; returns this. */
  public LayerEvaluator recordInto(MicroBatchRecord microBatchRecord) {
    main.sums().recordInto(microBatchRecord);
    return this;
  }

  /**
   * Also finds the least load of the busiest GPU that any choice of copies could reach in each
   * batch; returns this.
   */
  public LayerEvaluator findLeastLoad() {
    for (StreamEvaluator stream : new StreamEvaluator[] {main, prefill, decode}) {
      if (stream != null) {
        stream.sums().findLeastLoad(dispatch.copies(), dispatch.leastLoad());
      }
    }
    return this;
  }

  /** Receives the load of each slot in each micro-batch, to run it or to record it. */
  @FunctionalInterface
  public interface SlotLoads {
    /**
     * @param tokensOfSlot rows each slot computes; belongs to the evaluator, so copy it
     * @param received tokens the busiest node gets from others, each counted once; over unequal
     *     links they count by the price of theirs
     */
    void microBatch(long[] tokensOfSlot, double received);
  }

  /** Reports the loads of every main batch that ends from now on; returns this. */
  public LayerEvaluator reportTo(SlotLoads slotLoads) {
    main.sums().reportTo(slotLoads);
    return this;
  }

  /** Receives the routing of each micro-batch, to run it on devices. */
  @FunctionalInterface
  public interface BatchRoutes {
    /**
     * @param sourceGpus the GPU that each row starts from, shape [rows]
     * @param slots the slot of each choice, shape [rows x topK]
     */
    void microBatch(int[] sourceGpus, int[] slots);
  }

  /**
   * Reports the routing of every prefill and decode batch that ends from now on; returns this.
   *
   * @throws IllegalStateException if the evaluator has only one of these phases
   */
  public LayerEvaluator reportRoutes(BatchRoutes ofPrefill, BatchRoutes ofDecode) {
    if (prefill == null || decode == null) {
      throw new IllegalStateException("the evaluator serves one phase");
    }
    prefill.reportRoutes(ofPrefill);
    decode.reportRoutes(ofDecode);
    return this;
  }

  /**
   * Adds the rows of one request.
   *
   * @param ids shape [rows x topK], token-major
   * @param prefillTokens rows of the prompt; they come first
   * @param decodeTokens rows of generated tokens, which follow; the phase of any further rows is
   *     unknown, so they are in the main stream alone
   * @param sourceGpu the GPU on which the request runs, over all nodes
   */
  public void add(short[] ids, int topK, int prefillTokens, int decodeTokens, int sourceGpu) {
    int rows = ids.length / topK;
    int prefillRows = Math.min(prefillTokens, rows);
    int decodeRows = Math.min(decodeTokens, rows - prefillRows);
    if (main != prefill && main != decode) {
      main.add(ids, 0, rows, topK, sourceGpu);
    }
    if (prefill != null) {
      prefill.add(ids, 0, prefillRows, topK, sourceGpu);
    }
    if (decode != null) {
      decode.add(ids, prefillRows * topK, decodeRows, topK, sourceGpu);
    }
  }

  /**
   * Tokens sent between nodes in the main stream, counted once per token and node; of the rows that
   * the tally counts.
   *
   * @return shape [nodes x nodes], source node first; 0 from a node to itself
   */
  public long[] sentTokens() {
    return main.sentTokens();
  }

  /** The sums over the rows added so far. */
  public PlacementTally tally() {
    return new PlacementTally(
        main.tally(),
        prefill == null ? StreamTally.EMPTY : prefill.tally(),
        decode == null ? StreamTally.EMPTY : decode.tally());
  }
}
