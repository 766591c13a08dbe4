package io.sextant.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The refresh command in every schedule is one that this version understands. */
class SchedulesTest {
  private static final Path FOLDER = Path.of("..", "conf", "schedules");
  private static final Pattern COMMAND =
      Pattern.compile("\\brefresh(\\s+--warehouse(\\s+[^\\s;>|&#=]+(?=[\\s;]))+)");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "crontab",
        "sextant-refresh.service",
        "kubernetes-cronjob.yaml",
        "scheduled-spark-application.yaml",
        "airflow_dag.py"
      })
  void givesOptionsThatRefreshHas(String file) throws IOException {
    String text =
        Files.readString(FOLDER.resolve(file))
            .replaceAll("(?m)^\\s*#.*$", "")
            // A YAML list of arguments, and Python's string on several lines, as one line.
            .replaceAll("\\n\\s*- ", " ")
            .replaceAll("\"\\s*\\n\\s*\"", "")
            .replaceAll("\\{\\{[^}]*}}", "2026-09-14")
            .replace("\"", "");
    Matcher found = COMMAND.matcher(text);
    assertThat(found.find()).as("a refresh command in %s", file).isTrue();
    String[] command =
        Stream.concat(
                Stream.of("refresh"),
                Arrays.stream(found.group(1).strip().split("\\s+"))
                    .takeWhile(argument -> !argument.endsWith(":")))
            .toArray(String[]::new);
    CommandLine line = new CommandLine(new Sextant());
    assertThatCode(() -> line.parseArgs(command)).doesNotThrowAnyException();
  }

  @Test
  void namesTheImageThatIsBuilt() throws IOException {
    String pom = Files.readString(Path.of("..", "image", "pom.xml"));
    Matcher name = Pattern.compile("<image.name>(.+)</image.name>").matcher(pom);
    assertThat(name.find()).isTrue();
    assertThat(Files.readString(FOLDER.resolve("kubernetes-cronjob.yaml")))
        .contains("image: " + name.group(1) + "\n")
        .contains("/opt/sextant/bin/sextant refresh");
    assertThat(pom).contains("<entrypoint>/opt/sextant/bin/sextant</entrypoint>");
  }
}
