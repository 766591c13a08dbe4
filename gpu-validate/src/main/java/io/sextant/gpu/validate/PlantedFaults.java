package io.sextant.gpu.validate;

import io.sextant.gpu.kernel.GroupedGemm;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.numerics.gemm.Recipe;
import io.sextant.numerics.probe.SiteTensors;
import io.sextant.numerics.probe.TensorErrors;
import java.util.ArrayList;
import java.util.List;

/** Checks the check: kernels with a fault planted in a copy of their source must be caught. */
public final class PlantedFaults {
  private PlantedFaults() {}

  /**
   * A fault.
   *
   * @param text what is replaced in the grouped kernel's source
   * @param fault what stands there instead
   */
  private record Fault(String name, String text, String fault) {}

  private static final List<Fault> FAULTS =
      List.of(
          new Fault("none", "scales[0] = first.x", "scales[0] = first.x"),
          new Fault(
              "a token's scale applied twice",
              "scales[0] = first.x",
              "scales[0] = first.x * first.x"),
          new Fault(
              "one block of k dropped",
              "Mma<E4M3, N>::run(sums,",
              "if (step != 1) Mma<E4M3, N>::run(sums,"));

  /**
   * Runs each fault on a real product.
   *
   * @return a check for each: that the unchanged kernel passes and the others do not
   */
  public static List<Check> run(Kernels kernels, TensorGemm gemm, SiteTensors site) {
    List<Check> checks = new ArrayList<>();
    for (Fault fault : FAULTS) {
      try (GroupedGemm kernel = kernels.groupedWithFault(fault.text(), fault.fault())) {
        TensorErrors.Row row =
            TensorErrors.of(
                    site,
                    "sextant grouped",
                    List.of(Recipe.E4M3_ROW),
                    (recipe, tensors) -> gemm.grouped(recipe.fp8(), kernel, tensors))
                .get(0);
        boolean planted = !fault.text().equals(fault.fault());
        checks.add(
            new Check(
                "fault planted: " + fault.name(),
                row.agrees() != planted,
                "error %.5f, emulated %.5f: %s"
                    .formatted(
                        row.measured().relativeFrobenius(),
                        row.emulated().relativeFrobenius(),
                        row.agrees() ? "accepted" : "refused")));
      }
    }
    return checks;
  }
}
