package io.sextant.numerics.dispatch;

import java.util.Optional;

/** The error of a kernel on a model's own numbers. */
public interface Accuracy {

  /** The error on the numbers that the kernel was measured with. */
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

  /** Reason to reject the kernel regardless of its error; empty if there is none. */
  Optional<String> objection(KernelFigures kernel);
}
