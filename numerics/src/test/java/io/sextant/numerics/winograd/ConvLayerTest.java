package io.sextant.numerics.winograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.TraceFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvLayerTest {
  @TempDir Path folder;

  @Test
  void realLayersAreRead() throws IOException {
    assertThat(FaceLayers.all())
        .extracting(ConvLayer::name, ConvLayer::out, ConvLayer::in, ConvLayer::side)
        .containsExactly(
            tuple("conv32_2.conv1", 32, 32, 35),
            tuple("conv64_1.conv1", 64, 64, 17),
            tuple("conv128_1.conv2", 128, 128, 8));
  }

  private Path file(String shape) throws IOException {
    String[] sizes = shape.split("x", -1);
    int bytes = 4 * Integer.parseInt(sizes[0]) * Integer.parseInt(sizes[1]);
    String header =
        "{\"a/weight\":{\"dtype\":\"F32\",\"shape\":[1,9],\"data_offsets\":[0,36]},"
            + "\"a/activation\":{\"dtype\":\"F32\",\"shape\":[%s,%s],\"data_offsets\":[36,%d]}}"
                .formatted(sizes[0], sizes[1], 36 + bytes);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length()).array());
    out.write(header.getBytes(StandardCharsets.UTF_8));
    out.write(new byte[36 + bytes]);
    return Files.write(folder.resolve("layers.safetensors"), out.toByteArray());
  }

  @Test
  void imagesThatAreNoSquaresAreNamed() throws IOException {
    Path file = file("2x15");
    assertThatThrownBy(() -> ConvLayer.read(TraceFiles.local(file)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(file + ": a: images of 15 pixels; not squares. Write LAYER/weight");
  }

  @Test
  void aMissingOperandIsNamed() throws IOException {
    Path file = Files.copy(FaceLayers.FILE, folder.resolve("x"));
    assertThat(ConvLayer.read(TraceFiles.local(file))).hasSize(3);
    Path tensors = Path.of("src/test/resources/precision/lrm-tensors.safetensors.gz");
    assertThatThrownBy(() -> ConvLayer.read(TraceFiles.local(tensors)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("not a multiple of 9");
  }
}
