package io.sextant.jobs.throughput;

import io.sextant.jobs.serving.PlanTarget;
import io.sextant.placement.capacity.WeightCounts;
import io.sextant.schema.spec.ModelMemory.Part;
import java.util.List;

/**
 * The time that a decoder layer takes beside its experts and their transfers, on average over all
 * decoder layers.
 *
 * @param prefillMicros microseconds for a batch of prefill tokens
 * @param decodeMicros microseconds for a decode step
 * @param source who says so, for people
 */
public record RestTime(double prefillMicros, double decodeMicros, String source) {
  private static final int MOST_USUAL_GROUP = 8;
  private static final List<Part> PARTS =
      List.of(Part.ATTENTION, Part.DENSE, Part.SHARED, Part.ROUTER);

  /**
   * A lower bound: the GPUs read the weights of attention, dense and shared layers once per batch,
   * or compute two operations per weight and token in BF16, whichever takes longer. KV cache,
   * attention over tokens, launches and transfers are left out.
   */
  public static RestTime roofline(PlanTarget target) {
    WeightCounts counts = WeightCounts.of(target.model());
    int group = Math.min(MOST_USUAL_GROUP, target.cluster().gpusPerNode());
    double bytes = 0;
    double weights = 0;
    for (Part part : PARTS) {
      bytes += counts.bytes(part, target.packaging());
      weights += counts.byPart().get(part);
    }
    int layers = target.model().layers();
    double read = bytes / layers / group / (target.cluster().gpuMemoryGigabytesPerSecond() * 1e3);
    double perToken =
        2 * weights / layers / target.cluster().gpus() / (target.cluster().gpuTeraflops() * 1e6);
    return new RestTime(
        Math.max(read, perToken * target.profile().prefillTokens()),
        Math.max(read, perToken * target.profile().decodeTokens()),
        "assumed: a lower bound from weights, memory bandwidth and BF16 rate, tensor parallel %d"
            .formatted(group));
  }
}
