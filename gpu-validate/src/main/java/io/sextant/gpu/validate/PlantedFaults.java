package io.sextant.gpu.validate;

import io.sextant.gpu.kernel.GroupedGemm;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.numerics.gemm.Recipe;
import io.sextant.numerics.probe.SiteTensors;
import io.sextant.numerics.probe.TensorErrors;
import java.util.ArrayList;
import java.util.List;

/** Tests the checks: kernels with a fault planted in a copy of their source must fail them. */
public final class PlantedFaults {
  private PlantedFaults() {}

  /**
   * A fault to plant.
   *
   * @param text text that is replaced in the grouped kernel's source
   * @param fault replacement text
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
   * Runs the kernel with each fault on a real product.
   *
   * @return one check per kernel: the unchanged kernel must pass, the others must not
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
