package io.sextant.schema.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.schema.trace.PackBytes;
import io.sextant.schema.trace.Requests;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TraceFilesTest {
  @Test
  void sourceIsTheNameWithoutItsExtensions() {
    assertThat(TraceFiles.source("/a/b/day01.safetensors.zst")).isEqualTo("day01");
    assertThat(TraceFiles.source("hdfs://h/day.01.safetensors")).isEqualTo("day.01");
    assertThat(TraceFiles.source("1000010.json.gz")).isEqualTo("1000010");
    assertThat(TraceFiles.source(".hidden")).isEqualTo(".hidden");
    assertThat(TraceFiles.source("plain")).isEqualTo("plain");
  }

  @Test
  void inspectionIdentifiesWhatIsDecompressed() throws Exception {
    // The digest of "abc" is the first example of FIPS 180-4.
    TraceFiles.Inspection plain =
        TraceFiles.inspect(Requests.file("f", "abc".getBytes(StandardCharsets.UTF_8)));
    assertThat(plain.contentId())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    byte[] pack = PackBytes.of("day01-12").bytes();
    TraceFiles.Inspection packed = TraceFiles.inspect(Requests.file("f", PackBytes.zstd(pack)));
    assertThat(packed.head()).isEqualTo(pack);
    TraceFiles.Inspection unpacked = TraceFiles.inspect(Requests.file("f", pack));
    assertThat(packed.contentId()).isEqualTo(unpacked.contentId()).isEqualTo(unpacked.storedId());
    assertThat(packed.storedId()).isNotEqualTo(packed.contentId());
  }

  /** A stream that ends early, or that is a bomb, has no content to compare. */
  @Test
  void whatCannotBeDecompressedIsIdentifiedByWhatIsStored() throws Exception {
    byte[] zstd = PackBytes.zstd(PackBytes.of("day01-12").bytes());
    byte[] bomb = PackBytes.zstd(new byte[100 << 20]);
    for (byte[] stored : List.of(Arrays.copyOf(zstd, zstd.length / 2), bomb)) {
      TraceFiles.Inspection damaged = TraceFiles.inspect(Requests.file("f", stored));
      assertThat(damaged.contentId()).isEqualTo(damaged.storedId());
    }
  }
}
