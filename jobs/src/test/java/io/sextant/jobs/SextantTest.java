package io.sextant.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command line as a user meets it: exit codes, and one line where something is wrong. */
class SextantTest {
  @TempDir private Path folder;

  @Test
  void ingestsOnceAndSaysSo() {
    String[] command = ingest(TestPacks.small("day01-12").toString());
    CommandRun first = CommandRun.of(command);
    assertThat(first.exitCode()).isZero();
    assertThat(first.out()).contains("1 files ingested: 12 requests, ");
    CommandRun second = CommandRun.of(command);
    assertThat(second.exitCode()).isZero();
    assertThat(second.out()).contains("1 files known already");
  }

  @Test
  void namesAPathThatIsNotThere() {
    CommandRun outcome = CommandRun.of(ingest("/no/such/folder"));
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.lastError())
        .isEqualTo("sextant: /no/such/folder: there is no such file or folder. Check --input");
    assertThat(folder.resolve("warehouse")).doesNotExist();
  }

  @Test
  void failsWhereNothingCouldBeRead() throws Exception {
    Path notes = Files.writeString(folder.resolve("notes.txt"), "These are not traces.\n");
    CommandRun outcome = CommandRun.of(ingest(notes.toString()));
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.lastError()).startsWith("sextant: " + notes + ": no file could be read.");
    assertThat(outcome.out()).contains(notes + ": ");
  }

  @Test
  void namesAModelOrFormatItDoesNotKnow() {
    CommandRun model =
        CommandRun.of(
            "ingest", "--input", "x", "--model", "gpt-99", "--warehouse", folder.toString());
    assertThat(model.exitCode()).isEqualTo(2);
    assertThat(model.lastError()).contains("gpt-99").contains("sextant-128x8");
    CommandRun format =
        CommandRun.of(
            "ingest",
            "--input",
            "x",
            "--format",
            "csv",
            "--model",
            "sextant-128x8",
            "--warehouse",
            folder.toString());
    assertThat(format.exitCode()).isEqualTo(2);
    assertThat(format.lastError()).contains("csv").contains("request-json");
  }

  @Test
  void tellsAWrongCommandLineFromWrongInput() {
    assertThat(CommandRun.of("ingest", "--no-such-option").exitCode()).isEqualTo(1);
    assertThat(CommandRun.of("no-such-command").exitCode()).isEqualTo(1);
    assertThat(CommandRun.of().exitCode()).isEqualTo(1);
    assertThat(CommandRun.of("--help").exitCode()).isZero();
  }

  @Test
  void everyCommandExplainsItselfWithAnExample() {
    new CommandLine(new Sextant())
        .getSubcommands()
        .forEach(
            (name, command) -> {
              assertThat(command.getCommandSpec().usageMessage().description())
                  .as("description of " + name)
                  .isNotEmpty();
              assertThat(command.getUsageMessage()).as("help of " + name).contains("Example: ");
              assertThat(command.getCommandSpec().optionsMap()).as(name).containsKey("--help");
            });
  }

  private String[] ingest(String input) {
    return new String[] {
      "ingest",
      "--input",
      input,
      "--model",
      "sextant-128x8",
      "--warehouse",
      folder.resolve("warehouse").toString()
    };
  }
}
