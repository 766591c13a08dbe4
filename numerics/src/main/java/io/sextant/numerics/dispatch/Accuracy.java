package io.sextant.numerics.dispatch;

import java.util.Optional;

/** What is known of the error that a kernel makes on a model's own numbers. */
public interface Accuracy {

  /** Only what the kernel did on the numbers it was measured with. */
  Accuracy AS_MEASURED =
      new Accuracy() {
        @Override
        public double error(KernelFigures kernel) {
          return kernel.relativeFrobenius();
        }

        @Override
        public Optional<String> objection(KernelFigures kernel) {
          return Optional.empty();
        }
      };

  /** Relative Frobenius error. */
  double error(KernelFigures kernel);

  /** Why it must not be taken whatever its error; empty where nothing speaks against it. */
  Optional<String> objection(KernelFigures kernel);
}
