package io.sextant.gpu.kernel;

/** What a conversion of activations is given: part of {@code e4m3.cu}, which it is built on. */
public enum Input {
  /** The activations themselves. */
  ACTIVATIONS(""),
  /** What comes before a squared ReLU, which the conversion then calculates as it loads. */
  BEFORE_SQUARED_RELU("#define SQUARED_RELU\n");

  private final String setting;

  Input(String setting) {
    this.setting = setting;
  }

  /** What stands before a kernel's own text. */
  String source() {
    return setting + KernelCompiler.source("e4m3.cu");
  }
}
