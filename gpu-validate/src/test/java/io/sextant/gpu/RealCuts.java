package io.sextant.gpu;

import io.sextant.numerics.probe.SiteTensors;
import io.sextant.numerics.winograd.ConvLayer;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The cuts of real tensors that the tests of numerics use. */
public final class RealCuts {
  private static final Path FOLDER = Path.of("../numerics/src/test/resources");

  private RealCuts() {}

  /** Activations and weights of two products of the recommendation model. */
  public static List<SiteTensors> tensors() throws IOException {
    return SiteTensors.read(file("precision/lrm-tensors.safetensors.gz"));
  }

  /** Activations after a squared ReLU, and weights. */
  public static SiteTensors afterSquaredRelu() throws IOException {
    return SiteTensors.read(file("precision/lm-squared-relu.safetensors.gz")).get(0);
  }

  /** 3x3 layers with 32, 64 and 128 channels. */
  public static List<ConvLayer> layers() throws IOException {
    return ConvLayer.read(file("winograd/face-recognition.safetensors.gz"));
  }

  private static TraceFile file(String name) throws IOException {
    return TraceFiles.local(FOLDER.resolve(name));
  }
}
