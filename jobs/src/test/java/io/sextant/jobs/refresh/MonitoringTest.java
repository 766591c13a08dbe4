package io.sextant.jobs.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The dashboard and the alerts have the form that Grafana and Prometheus read. Whether their
 * metrics exist is tested by {@link RefreshCommandTest}, which has a night's metrics.
 */
class MonitoringTest {
  private static final int COLUMNS = 24;

  @Test
  void theDashboardFitsTheSchema() throws IOException {
    assertThat(schema().validate(Monitoring.dashboard())).isEmpty();
  }

  @Test
  void theSchemaRefusesFieldsThatGrafanaDoesNotKnow() throws IOException {
    JsonNode dashboard = Monitoring.dashboard();
    ((ObjectNode) dashboard.path("panels").path(1)).put("titel", "x");
    assertThat(schema().validate(dashboard)).isNotEmpty();
  }

  /** A uid of a data source differs between installations, so the user chooses one. */
  @Test
  void everyDataSourceIsTheVariable() throws IOException {
    JsonNode dashboard = Monitoring.dashboard();
    assertThat(dashboard.path("templating").path("list").path(0).path("name").textValue())
        .isEqualTo("datasource");
    List<JsonNode> sources = dashboard.findValues("datasource");
    assertThat(sources).hasSizeGreaterThan(20);
    assertThat(sources)
        .allSatisfy(
            source -> assertThat(source.path("uid").textValue()).isEqualTo("${datasource}"));
  }

  @Test
  void panelsHaveIdsOfTheirOwnAndDoNotOverlap() throws IOException {
    Set<Integer> ids = new HashSet<>();
    Set<String> cells = new HashSet<>();
    for (JsonNode panel : Monitoring.dashboard().path("panels")) {
      assertThat(ids.add(panel.path("id").intValue())).as(panel.path("title").asText()).isTrue();
      JsonNode at = panel.path("gridPos");
      int right = at.path("x").intValue() + at.path("w").intValue();
      assertThat(right).isLessThanOrEqualTo(COLUMNS);
      for (int x = at.path("x").intValue(); x < right; x++) {
        for (int row = 0; row < at.path("h").intValue(); row++) {
          String cell = x + "," + (at.path("y").intValue() + row);
          assertThat(cells.add(cell)).as(panel.path("title").asText()).isTrue();
        }
      }
      List<String> queries = panel.path("targets").findValuesAsText("refId");
      assertThat(queries).doesNotHaveDuplicates();
    }
  }

  @Test
  void everyAlertSaysWhatItIsAboutAndIsOnThePage() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "dashboards.md"));
    List<JsonNode> rules = Monitoring.rules();
    assertThat(rules).hasSizeGreaterThan(5);
    for (JsonNode rule : rules) {
      String alert = rule.path("alert").asText();
      assertThat(alert).matches("Sextant[A-Za-z]+");
      assertThat(rule.fieldNames())
          .toIterable()
          .as(alert)
          .isSubsetOf("alert", "expr", "for", "labels", "annotations");
      assertThat(rule.path("for").asText("0m")).as(alert).matches("\\d+[mhd]");
      assertThat(rule.path("labels").path("severity").asText())
          .as(alert)
          .isIn("info", "warning", "critical");
      assertThat(rule.path("annotations").path("summary").asText()).as(alert).isNotBlank();
      assertThat(rule.path("annotations").path("description").asText()).as(alert).isNotBlank();
      String expression = rule.path("expr").asText();
      assertThat(expression.chars().filter(c -> c == '(').count())
          .as(expression)
          .isEqualTo(expression.chars().filter(c -> c == ')').count());
      assertThat(page).contains("`" + alert + "`");
    }
  }

  @Test
  void theProvisioningFilesAreOfVersionOne() throws IOException {
    JsonNode source = Monitoring.yaml("grafana/provisioning/datasources/prometheus.yaml");
    assertThat(source.path("apiVersion").intValue()).isEqualTo(1);
    assertThat(source.path("datasources").path(0).path("type").textValue()).isEqualTo("prometheus");
    JsonNode folder = Monitoring.yaml("grafana/provisioning/dashboards/sextant.yaml");
    assertThat(folder.path("apiVersion").intValue()).isEqualTo(1);
    assertThat(folder.path("providers").path(0).path("type").textValue()).isEqualTo("file");
    assertThat(folder.path("providers").path(0).path("options").path("path").asText()).isNotBlank();
  }

  private static JsonSchema schema() throws IOException {
    try (InputStream in =
        MonitoringTest.class.getResourceAsStream("grafana-dashboard.schema.json")) {
      return JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(in);
    }
  }
}
