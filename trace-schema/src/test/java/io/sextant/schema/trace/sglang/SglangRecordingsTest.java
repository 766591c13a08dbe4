package io.sextant.schema.trace.sglang;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.schema.file.TraceFiles;
import io.sextant.schema.trace.EngineDump;
import io.sextant.schema.trace.LoadCounts;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.Requests;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares recordings of 64 requests by SGLang's own recorder with the counts fed to it. */
class SglangRecordingsTest {
  private static final Path FOLDER = Path.of("src/test/resources/recordings/sglang");

  private final SglangRecorderReader reader = new SglangRecorderReader();
  private final Requests found = new Requests();

  @Test
  void perTokenHasTheRequests() throws Exception {
    read("per_token");
    assertFed();
    assertThat(found.accepted).hasSize(64);
    assertThat(found.accepted.stream().mapToInt(RequestTrace::prefillTokens).sum()).isEqualTo(2146);
    assertThat(found.accepted.stream().mapToInt(RequestTrace::decodeTokens).sum()).isEqualTo(855);
    assertThat(found.accepted.stream().map(RequestTrace::sourceRank).distinct())
        .containsExactly(0, 1, 2, 3);
    assertThat(found.remarks).isEmpty();
  }

  /** The recorder ran on routing alone, so it wrote a zero for each token id. */
  @Test
  void zerosAreNoTokenIds() throws Exception {
    read("per_token");
    assertThat(found.accepted).allMatch(request -> request.promptTokenIds().length == 0);
  }

  @Test
  void perPassIsNamedByItsMap() throws Exception {
    read("per_pass-map");
    assertFed();
    assertThat(found.counts).hasSize(154);
    assertThat(found.remarks)
        .isNotEmpty()
        .allMatch(remark -> remark.startsWith("its counts are of physical experts"));
  }

  /** The whole ring is dumped: 1,000 steps, of which 42 ran. */
  @Test
  void statHasTheStepsThatRan() throws Exception {
    read("stat");
    assertFed();
    assertThat(found.counts).hasSize(42);
    assertThat(found.remarks).isEmpty();
  }

  @Test
  void anIdlePassHasNoRows() throws Exception {
    read("sm-idle");
    assertThat(found.accepted).hasSize(1);
    assertThat(found.accepted.get(0).prefillTokens()).isEqualTo(31);
    assertThat(found.accepted.get(0).decodeTokens()).isEqualTo(1);
  }

  @Test
  void aSinglePassIsADump() throws Exception {
    read("sm-one");
    assertThat(found.accepted).hasSize(1);
    assertThat(found.accepted.get(0).tokens()).isEqualTo(31);
  }

  private void read(String recording) throws Exception {
    try (Stream<Path> files = Files.list(FOLDER.resolve(recording))) {
      for (Path file : files.sorted().toList()) {
        reader.verify(TraceFiles.local(file), EngineDump.MODEL);
        reader.read(TraceFiles.local(file), EngineDump.MODEL, found);
      }
    }
    assertThat(found.rejected).isEmpty();
  }

  private void assertFed() throws Exception {
    List<Integer> layers = EngineDump.MODEL.moeLayers();
    int experts = EngineDump.MODEL.experts();
    long[] counted = new long[layers.size() * experts];
    for (RequestTrace request : found.accepted) {
      for (int layer = 0; layer < layers.size(); layer++) {
        for (short expert : request.experts()[layer]) {
          counted[layer * experts + expert]++;
        }
      }
    }
    for (LoadCounts step : found.counts) {
      for (int i = 0; i < step.layers().length; i++) {
        for (int expert = 0; expert < experts; expert++) {
          counted[layers.indexOf(step.layers()[i]) * experts + expert] += step.tokens()[i][expert];
        }
      }
    }
    byte[] fed = Files.readAllBytes(FOLDER.resolve("fed.npy"));
    long[] expected = new long[counted.length];
    ByteBuffer.wrap(fed, fed.length - Long.BYTES * expected.length, Long.BYTES * expected.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asLongBuffer()
        .get(expected);
    assertThat(counted).isEqualTo(expected);
  }
}
