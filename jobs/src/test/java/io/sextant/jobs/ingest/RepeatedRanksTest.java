package io.sextant.jobs.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.sextant.jobs.CommandRun;
import io.sextant.jobs.TestPacks;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ranks of a tensor-parallel group record the same tokens. */
class RepeatedRanksTest {
  @TempDir Path folder;

  @Test
  void theTokensCountOnceAndFromAFileThatCanBeUsed() throws IOException {
    Path recording =
        TestPacks.resource(
            "recordings/sglang/sm-one/expert_distribution_recorder_1796010587.2445345_0.pt.zst");
    byte[] sound;
    try (InputStream in = new ZstdInputStreamNoFinalizer(Files.newInputStream(recording))) {
      sound = in.readAllBytes();
    }
    byte[] damaged = sound.clone();
    damaged[sound.length / 4] ^= 1; // in the experts: its checksum shows it, the tokens do not
    Path dumps = Files.createDirectories(folder.resolve("dumps"));
    Files.write(dumps.resolve("a.pt"), damaged);
    Files.write(dumps.resolve("b.pt"), sound);
    Files.copy(recording, dumps.resolve("c.pt.zst"));
    CommandRun first = ingest(dumps);
    assertThat(first.out())
        .contains(
            "1 files ingested: 1 requests, 31 tokens, 1,488 expert ids",
            "1 files known already, by their content",
            "1 files and 0 requests quarantined",
            "a.pt: forward pass");
    // Another rank's file comes a night later.
    Path late = Files.createDirectories(folder.resolve("late"));
    Files.write(late.resolve("d.pt"), withComment(sound));
    assertThat(ingest(late).out())
        .contains(
            "0 files ingested", "1 files repeat the tokens of another rank; they are counted once");
  }

  /** The same archive with a comment of one byte: other bytes, the same content. */
  private static byte[] withComment(byte[] zip) {
    byte[] longer = Arrays.copyOf(zip, zip.length + 1);
    longer[zip.length - 2] = 1;
    return longer;
  }

  private CommandRun ingest(Path input) {
    return CommandRun.of(
        "ingest",
        "--input",
        input.toString(),
        "--model",
        "sextant-128x8",
        "--warehouse",
        folder.resolve("warehouse").toString());
  }
}
