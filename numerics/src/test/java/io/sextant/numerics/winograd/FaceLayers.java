package io.sextant.numerics.winograd;

import io.sextant.schema.file.TraceFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Real 3x3 layers with 32, 64 and 128 channels: resources/winograd/README.md. */
final class FaceLayers {
  static final Path FILE = Path.of("src/test/resources/winograd/face-recognition.safetensors.gz");

  private FaceLayers() {}

  static List<ConvLayer> all() throws IOException {
    return ConvLayer.read(TraceFiles.local(FILE));
  }
}
