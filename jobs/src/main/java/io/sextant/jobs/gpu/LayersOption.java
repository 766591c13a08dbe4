package io.sextant.jobs.gpu;

import io.sextant.numerics.winograd.ConvLayer;
import io.sextant.schema.file.TraceFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The option for a file of convolution layers. */
final class LayersOption {
  @Option(
      names = "--input",
      required = true,
      paramLabel = "FILE",
      description =
          "Safetensors file with LAYER/weight [out, in x 9] and LAYER/activation [images x"
              + " in, side^2].")
  private Path file;

  List<ConvLayer> read() throws IOException {
    return ConvLayer.read(TraceFiles.local(file));
  }
}
