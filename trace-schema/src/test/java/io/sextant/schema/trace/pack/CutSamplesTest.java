package io.sextant.schema.trace.pack;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.trace.PackBytes;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.Requests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CutSamplesTest {
  private static final ModelSpec MODEL = ModelSpecs.load("sextant-128x8");

  @Test
  void spreadKeepsRequestsAtEqualDistances() throws Exception {
    List<RequestTrace> requests =
        Requests.of(
                new SextantPackReader(),
                Requests.file("pack", PackBytes.of("day01-12").bytes()),
                MODEL)
            .accepted;
    assertThat(CutSamples.spread(requests, 4))
        .extracting(RequestTrace::requestId)
        .containsExactly(0L, 3L, 6L, 9L);
  }

  @Test
  void samplesAreFiveDaysOfAllDomains() throws Exception {
    Path samples = Path.of(System.getProperty("sextant.root"), "samples");
    List<Path> packs = new ArrayList<>();
    try (Stream<Path> files = Files.list(samples)) {
      files.filter(file -> file.toString().endsWith(".zst")).sorted().forEach(packs::add);
    }
    TreeSet<String> days = new TreeSet<>();
    long tokens = 0;
    long bytes = 0;
    for (Path pack : packs) {
      List<RequestTrace> requests = Requests.read(pack, MODEL);
      TreeSet<String> domains = new TreeSet<>();
      for (RequestTrace request : requests) {
        tokens += request.tokens();
        domains.add(request.domain());
        days.add(
            Instant.ofEpochMilli(request.arrivalMillis())
                .atZone(ZoneOffset.UTC)
                .toLocalDate()
                .toString());
      }
      assertThat(requests).hasSize(300);
      assertThat(domains).hasSize(11);
      bytes += Files.size(pack);
    }
    assertThat(days)
        .containsExactly("2026-09-10", "2026-09-11", "2026-09-12", "2026-09-13", "2026-09-14");
    assertThat(tokens).isEqualTo(65_194);
    assertThat(bytes).isLessThan(4L << 20);
  }
}
