package io.sextant.gpu.expert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayBatchTest {
  private static final ReplayBatch BATCH =
      new ReplayBatch("linear", "day08", 1, 0, 2, new int[] {5, 0, 7, 1}, 3);

  @TempDir Path folder;

  @Test
  void readsWhatItWrote() throws IOException {
    Path file = folder.resolve("work.jsonl");
    Files.writeString(file, BATCH.toJson() + "\n");
    List<ReplayBatch> read = ReplayBatch.read(file);
    assertThat(read).hasSize(1);
    assertThat(read.get(0).tokensOfGpu(1)).containsExactly(7, 1);
    assertThat(read.get(0).mostTokensOfGpu()).isEqualTo(8);
    assertThat(read.get(0).slotsOfGpu()).isEqualTo(2);
  }

  @Test
  void namesTheLineThatIsWrong() throws IOException {
    Path file = folder.resolve("work.jsonl");
    Files.writeString(
        file, BATCH.toJson() + "\n" + BATCH.toJson().replace("\"gpus\":2", "\"gpus\":3") + "\n");
    assertThatThrownBy(() -> ReplayBatch.read(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("line 2: 4 slots on 3 GPUs");
  }
}
