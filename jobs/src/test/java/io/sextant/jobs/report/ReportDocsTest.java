package io.sextant.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.schema.table.TableDefinition;
import io.sextant.schema.table.Tables;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page and docs/report.md explain each figure in the same words. */
class ReportDocsTest {
  private static final Pattern SECTION =
      Pattern.compile(
          "<div class=\"how\" id=\"how-(\\w+)\">\\s*<h3>(.*?)</h3>\\s*<p>(.*?)</p>\\s*"
              + "<a href=\"#(\\w+)\"",
          Pattern.DOTALL);

  @Test
  void everySectionIsExplainedInTheSameWords() throws IOException {
    String docs = Files.readString(Path.of("../docs/report.md"));
    String flowing = flowing(docs);
    String page = resource("report.html");
    Matcher section = SECTION.matcher(resource("glossary.html"));
    int seen = 0;
    while (section.find()) {
      String title = text(section.group(2));
      assertThat(section.group(4)).as(title).isEqualTo(section.group(1));
      assertThat(page)
          .contains("<section id=\"%s\"".formatted(section.group(1)), ">" + title + "</h2>");
      assertThat(docs).contains("\n## " + title + "\n");
      assertThat(flowing).as(title).contains("## " + title + " " + text(section.group(3)));
      seen++;
    }
    assertThat(seen).isEqualTo(13);
  }

  @Test
  void everyTableThatItNamesIsOne() throws IOException {
    Matcher line =
        Pattern.compile("^Tables? (`.*)$", Pattern.MULTILINE)
            .matcher(Files.readString(Path.of("../docs/report.md")));
    int seen = 0;
    while (line.find()) {
      Matcher name = Pattern.compile("`([a-z_]+)`(?=[,.; ])").matcher(line.group(1) + " ");
      while (name.find()) {
        assertThat(
                Tables.all().stream().map(TableDefinition::name).toList().contains(name.group(1))
                    || name.group(1).equals("moved_bytes"))
            .as(name.group(1))
            .isTrue();
        seen++;
      }
    }
    assertThat(seen).isGreaterThanOrEqualTo(12);
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String text(String html) {
    return flowing(html.replaceAll("</?code>", "`").replaceAll("<[^>]+>", ""));
  }

  private static String flowing(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}
