package io.sextant.jobs.gpu.kernels;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.gemm.GemmBench;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.library.CublasLt;
import io.sextant.gpu.library.RefusedCallException;
import io.sextant.gpu.packaged.KernelPackage;
import io.sextant.gpu.packaged.PackageCheck;
import io.sextant.gpu.packaged.PackagedKernel;
import io.sextant.numerics.gemm.GemmSite;
import io.sextant.schema.spec.ModelSpec;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/**
 * Checks one package and measures it, in a process of its own. Prints a line of JSON per product,
 * or one line that says why the package is refused.
 *
 * @param folder the package's folder
 * @param found the package's description
 * @param models models whose products are measured
 * @param tokens numbers of tokens
 * @param samples number of timed runs
 */
record PackageRun(
    Path folder, KernelPackage found, List<ModelSpec> models, List<Integer> tokens, int samples) {
  /** The start of the line that refuses a package. */
  static final String REFUSED = "refused: ";

  /** Measures on an open device. */
  void run(Kernels device, PrintStream out) {
    String gpu = device.context().device().name();
    try (CublasLt library = new CublasLt();
        GemmBench bench = new GemmBench(library, null, device, samples, GemmBench.USUAL_SHIFT);
        CudaStream stream = new CudaStream()) {
      List<PackagedKernel> kernels =
          new PackageCheck(found).admit(folder, device.context().device(), stream);
      out.printf(
          "%s: %d variants equal the emulation of %s bit for bit%n",
          found.library(), kernels.size(), found.recipe());
      for (ModelSpec model : found.grouped() ? List.<ModelSpec>of() : models) {
        for (GemmSite site : GemmSite.of(model)) {
          for (int count : tokens) {
            out.println(bench.run(site, count, found, kernels).figures(model.name(), gpu).toJson());
            out.flush();
          }
        }
      }
      kernels.forEach(PackagedKernel::close);
    } catch (RefusedCallException e) {
      out.println(REFUSED + e.getMessage());
    }
  }
}
