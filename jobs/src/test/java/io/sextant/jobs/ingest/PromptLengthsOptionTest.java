package io.sextant.jobs.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.CommandRun;
import io.sextant.jobs.TestPacks;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** vLLM's arrays of one request each, with and without the lengths of their prompts. */
class PromptLengthsOptionTest {
  @TempDir private Path folder;

  private CommandRun ingest(String... more) throws Exception {
    Path input = folder.resolve("input");
    if (Files.notExists(input)) {
      Files.createDirectory(input);
      Files.copy(TestPacks.resource("formats/vllm/main/req42.npz"), input.resolve("areq41.npz"));
      Files.copy(TestPacks.resource("formats/vllm/main/req42.npy"), input.resolve("areq42.npy"));
    }
    String[] options = {
      "ingest",
      "--model",
      "sextant-128x8",
      "--warehouse",
      folder.resolve("wh").toString(),
      "--input",
      input.toString()
    };
    String[] arguments = new String[options.length + more.length];
    System.arraycopy(options, 0, arguments, 0, options.length);
    System.arraycopy(more, 0, arguments, options.length, more.length);
    return CommandRun.of(arguments);
  }

  @Test
  void theSameRemarkOfManyFilesIsOneNote() throws Exception {
    CommandRun run = ingest();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .containsOnlyOnce("note: ")
        .contains("areq41.npz and 1 more files: the prompt length of 1 request is not known");
  }

  @Test
  void lengthsOfTheUserAreUsed() throws Exception {
    Path lengths =
        Files.writeString(folder.resolve("l.csv"), "id,prompt_len\nareq41,14\nareq42,14\n");
    CommandRun run = ingest("--prompt-lengths", lengths.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("2 requests, 32 tokens").doesNotContain("note: ");
  }

  @Test
  void aWrongLineIsNamed() throws Exception {
    Path lengths = Files.writeString(folder.resolve("l.csv"), "id,prompt_len\nareq42,x\n");
    CommandRun run = ingest("--prompt-lengths", lengths.toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("l.csv: line 2: the prompt length 'x' of request areq42");
  }
}
