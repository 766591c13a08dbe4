package io.sextant.jobs.capacity;

import io.sextant.jobs.serving.GpuGroup;
import io.sextant.jobs.serving.MemoryTerms;
import io.sextant.placement.capacity.Capacity;
import io.sextant.placement.capacity.GpuLoad;
import io.sextant.placement.capacity.WeightCounts;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.Packaging;
import java.util.List;
import java.util.Optional;

/**
 * Computes what fits.
 *
 * @param model the model
 * @param packaging the packaging of its weights
 * @param terms how the memory is used
 */
record CapacityJob(ModelSpec model, Packaging packaging, MemoryTerms terms) {
  CapacityReport run(GpuGroup gpus) {
    Capacity capacity = terms.capacity(model, gpus, packaging);
    List<GpuLoad> loads = capacity.loads(gpus.gpus());
    boolean fits = loads.get(0).fits();
    return new CapacityReport(
        capacity.deployment(),
        gpus,
        WeightCounts.of(model),
        loads,
        fits ? Optional.empty() : capacity.smallest(gpus.gpusPerNode()));
  }
}
