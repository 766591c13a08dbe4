package io.sextant.schema.trace.vllm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.trace.EngineDump;
import io.sextant.schema.trace.Requests;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Regressions found with mutated arrays. */
class VllmRoutedExpertsReaderTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "6, 8) | 6  8) | is not an array of integers in row order",
        "6, 8) | 6, 9) | bytes",
        "'<i2' | '<f2' | is not an array of integers in row order",
        "False | True_ | is not an array of integers in row order"
      })
  void damagedArrayHeadersAreRefused(String sound, String damaged, String reason) {
    TraceFile file =
        Requests.file(
            "a.npz", replaced(EngineDump.VLLM_10.bytes(), sound.strip(), damaged.strip()));
    assertThatThrownBy(() -> Requests.of(new VllmRoutedExpertsReader(), file, EngineDump.MODEL))
        .isInstanceOf(CorruptTraceException.class)
        .hasMessageContaining(reason.strip());
  }

  private static byte[] replaced(byte[] npz, String sound, String damaged) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(npz));
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (ZipEntry entry; (entry = in.getNextEntry()) != null; ) {
        zip.putNextEntry(new ZipEntry(entry.getName()));
        String content = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        assertThat(content).contains(sound);
        zip.write(content.replace(sound, damaged).getBytes(StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return out.toByteArray();
  }
}
