package io.sextant.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.util.VersionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Tests exit codes, and that each error is reported in one line. */
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
  void saysWhichVersionItIs() {
    CommandRun run = CommandRun.of("--version");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).matches("sextant \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\R");
  }

  @Test
  void namesAPathThatIsNotThere() {
    CommandRun outcome = CommandRun.of(ingest("/no/such/folder"));
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.lastError())
        .isEqualTo("sextant: /no/such/folder: there is no such file or folder. Check the path");
    assertThat(folder.resolve("warehouse")).doesNotExist();
  }

  /** A link to nothing stands for a folder without permission, which the superuser may read. */
  @Test
  void listsTheInputsOfEveryCommandBeforeItStartsSpark() throws IOException {
    Path input = Files.createDirectory(folder.resolve("input"));
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Path link = Files.createSymbolicLink(input.resolve("gone"), Path.of("nowhere"));
    String to = " --warehouse " + folder.resolve("warehouse");
    String model = " --model sextant-128x8";
    List<String> commands =
        List.of(
            "ingest --input %s" + model + to,
            "evaluate --placement linear --cluster 4x8-h200 --input %s" + model,
            "probe --input %s" + model + to,
            "scaling --baseline x --input %s" + to,
            "dispatch --out " + folder.resolve("out") + " --runs %s" + to,
            "sparsity --outcomes x --times x --chain a=1-2 --tokens 1 --importance %s" + model + to,
            "refresh --cluster 4x8-h200 --slots 128 --input %s" + model + to);
    for (String command : commands) {
      CommandRun broken = CommandRun.of(command.formatted(input).split(" "));
      assertThat(broken.exitCode()).as(command + broken.err()).isEqualTo(2);
      assertThat(broken.lastError())
          .isEqualTo(
              "sextant: "
                  + link
                  + ": it is a link to nowhere, which does not exist. Remove or correct the link");
      assertThat(broken.err()).as(command).doesNotContain("Spark ");
      if (!command.startsWith("refresh")) {
        CommandRun nothing = CommandRun.of(command.formatted(empty).split(" "));
        assertThat(nothing.lastError())
            .isEqualTo(
                "sextant: " + empty + ": there are no files. Give trace files or their folder");
        assertThat(nothing.err()).as(command).doesNotContain("Spark ");
      }
    }
  }

  @Test
  void saysHowToAddAConnector() {
    String remedy =
        ": this Spark has no connector for s3a://. Run bin/build --with-s3, or start Sextant with"
            + " spark-submit --packages org.apache.hadoop:hadoop-aws:"
            + VersionInfo.getVersion();
    CommandRun input = CommandRun.of(ingest("s3a://traces/2026-09-14"));
    assertThat(input.exitCode()).isEqualTo(2);
    assertThat(input.lastError()).isEqualTo("sextant: s3a://traces/2026-09-14" + remedy);
    for (String command : List.of("ingest --input " + TestPacks.small("day01-12"), "analyze")) {
      List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
      arguments.addAll(List.of("--model", "sextant-128x8", "--warehouse", "s3a://warehouse/a"));
      CommandRun run = CommandRun.of(arguments.toArray(new String[0]));
      assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
      assertThat(run.lastError()).startsWith("sextant: s3a://warehouse/a").endsWith(remedy);
      assertThat(run.err()).doesNotContain("\tat ");
    }
  }

  @Test
  void namesStorageThatItCannotReach() {
    CommandRun s3 = CommandRun.of(ingest("s3://traces/a"));
    assertThat(s3.exitCode()).isEqualTo(2);
    assertThat(s3.lastError())
        .isEqualTo(
            "sextant: s3://traces/a: there is no connector for s3://. Use s3a://, which"
                + " hadoop-aws supports");
    CommandRun hdfs = CommandRun.of(ingest("hdfs://nowhere.invalid:8020/traces"));
    assertThat(hdfs.exitCode()).isEqualTo(2);
    assertThat(hdfs.lastError())
        .isEqualTo(
            "sextant: hdfs://nowhere.invalid:8020/traces: cannot be read: the host is unknown:"
                + " nowhere.invalid. Check the path, its permissions and, if it is not local, the network");
  }

  @Test
  void aWarehouseThatIsAFileIsNoBug() throws Exception {
    Path file = Files.writeString(folder.resolve("warehouse"), "");
    CommandRun run = CommandRun.of(ingest(TestPacks.small("day01-12").toString()));
    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
    assertThat(run.lastError())
        .isEqualTo(
            "sextant: %s: it is not a folder. Name a folder for the warehouse".formatted(file));
    assertThat(run.err()).doesNotContain("\tat ");
  }

  @Test
  void aLocalOptionMakesNoFolderCalledLikeAScheme() {
    CommandRun run =
        CommandRun.of("report", "--warehouse", "w", "--model", "m", "--out", "s3a://bucket/r.html");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().strip())
        .isEqualTo(
            "sextant: s3a://bucket/r.html: it is not local. Give a local path and copy the file");
  }

  @Test
  void aNameThatBeginsWithAnAtSignIsAName() {
    CommandRun run = CommandRun.of(ingest("@" + folder));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.lastError()).startsWith("sextant: @" + folder + ": there is no such file");
  }

  @Test
  void failsWhereNothingCouldBeRead() throws Exception {
    Path notes = Files.writeString(folder.resolve("notes.txt"), "These are not traces.\n");
    CommandRun outcome = CommandRun.of(ingest(notes.toString()));
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.lastError())
        .startsWith("sextant: " + notes + ": none of the files could be used.");
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
