package io.sextant.jobs.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.CommandRun;
import io.sextant.jobs.TestPacks;
import io.sextant.jobs.cli.StoppedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs every command of docs/tutorial.md, in order, on a recording by SGLang's own recorder. */
class TutorialTest {
  private static final Pattern COMMAND =
      Pattern.compile("^ {4}bin/sextant (.*)$", Pattern.MULTILINE);

  /** Options for the small dump, which has fewer than 8,192 tokens, and for a short search. */
  private static final Map<String, List<String>> SMALLER =
      Map.of(
          "solve", List.of("--seconds", "0.02"),
          "evaluate", List.of("--micro-batch", "64"),
          "refresh", List.of("--micro-batch", "64", "--seconds", "0.02"));

  @TempDir Path folder;

  @Test
  void everyCommandRuns() throws IOException {
    try (Stream<Path> ranks = Files.list(TestPacks.resource("recordings/sglang/per_token"))) {
      for (Path rank : ranks.toList()) {
        copy("dumps", "recordings/sglang/per_token/" + rank.getFileName());
      }
    }
    copy("today", "formats/sglang/expert_distribution_recorder_1757203300.0_0.pt");
    Files.writeString(
        folder.resolve("config.json"),
        "{\"num_hidden_layers\":32,\"num_local_experts\":8,\"num_experts_per_tok\":2,"
            + "\"hidden_size\":4096,\"intermediate_size\":14336,\"num_attention_heads\":32,"
            + "\"num_key_value_heads\":8,\"vocab_size\":32000,\"max_position_embeddings\":32768}");
    String page = Files.readString(Path.of("../docs/tutorial.md")).replaceAll("\\\\\n\\s*", "");
    Matcher matcher = COMMAND.matcher(page);
    int run = 0;
    while (matcher.find()) {
      List<String> arguments = CommandWords.of(matcher.group(1));
      arguments.addAll(SMALLER.getOrDefault(arguments.get(0), List.of()));
      arguments.replaceAll(this::here);
      CommandRun done = CommandRun.of(arguments.toArray(new String[0]));
      // The dump covers a single day, which the page describes as a first night.
      boolean night = arguments.get(0).equals("refresh");
      assertThat(done.exitCode())
          .as(arguments + "\n" + done.err())
          .isEqualTo(night ? StoppedException.INSUFFICIENT_EVIDENCE : 0);
      if (night) {
        assertThat(done.out()).contains("are needed; the warehouse has traces of one, ");
      }
      run++;
    }
    assertThat(run).isEqualTo(10);
    assertThat(folder.resolve("expert_location.json")).exists();
    assertThat(folder.resolve("report.html")).exists();
  }

  private void copy(String target, String resource) throws IOException {
    Path source = TestPacks.resource(resource);
    Files.createDirectories(folder.resolve(target));
    Files.copy(source, folder.resolve(target).resolve(source.getFileName()));
  }

  /** Replaces the page's file names by those in the test's folder. */
  private String here(String argument) {
    return List.of(
                "dumps",
                "today",
                "warehouse",
                "plan",
                "config.json",
                "my-conf",
                "expert_location.json",
                "report.html")
            .contains(argument)
        ? folder.resolve(argument).toString()
        : argument;
  }
}
