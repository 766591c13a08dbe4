package io.sextant.schema.trace.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Damaged and hostile files are read, or rejected in one line; any other result fails the test. */
class MutatedFilesTest {
  @Test
  void fourThousandMutationsAreReadOrRefused() throws Exception {
    MutatedFiles files = new MutatedFiles();
    TreeMap<Boolean, Integer> outcomes = new TreeMap<>();
    for (int number = 0; number < 4000; number++) {
      String outcome = MutatedFiles.read(files.mutation(number));
      assertThat(outcome).doesNotContain("\n").isNotEmpty();
      outcomes.merge(outcome.equals("read"), 1, Integer::sum);
    }
    assertThat(outcomes.get(true)).isGreaterThan(100);
    assertThat(outcomes.get(false)).isGreaterThan(1000);
  }
}
