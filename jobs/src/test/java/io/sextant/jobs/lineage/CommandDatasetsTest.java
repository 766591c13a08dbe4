package io.sextant.jobs.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.cli.Invocation;
import io.sextant.jobs.cli.RunNotes;
import io.sextant.schema.placement.PlanId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CommandDatasetsTest {
  private static CommandDatasets of(String command, Map<String, List<String>> values) {
    return new CommandDatasets(new Invocation(command, "", List.of(), values, RunNotes.unread()));
  }

  @Test
  void theFilesOfOptionsAreDatasets() {
    CommandDatasets evaluate =
        of(
            "evaluate",
            Map.of(
                "--input",
                List.of("/in/a", "/in/b"),
                "--placement",
                List.of("linear", "/plan"),
                "--work",
                List.of("/work.jsonl"),
                "--cluster",
                List.of("4x8-h200")));
    assertThat(evaluate.inputs())
        .extracting(input -> input.name().name())
        .containsExactly("/in/a", "/in/b", "/plan");
    assertThat(evaluate.outputs())
        .extracting(output -> output.name().name())
        .containsExactly("/work.jsonl");
  }

  @Test
  void rollbackChangesWhatIsPublished() {
    CommandDatasets rollback =
        of("rollback", Map.of("--warehouse", List.of("/w"), "--model", List.of("m")));
    assertThat(rollback.outputs())
        .extracting(output -> output.name().name())
        .containsExactly("/w/published/m");
  }

  @Test
  void aPlanHasItsIdAsVersion() {
    CommandDatasets solve = of("solve", Map.of("--warehouse", List.of("s3a://bucket/w")));
    PlanId id = new PlanId("3f09b1c2d4e5-77aa01b2c3d4");
    solve.command().notes().planned("/plan/placement.json", id.value());
    assertThat(solve.outputs())
        .containsExactly(
            new CommandDatasets.Named(
                new DatasetName("file", "/plan/placement.json"),
                Optional.empty(),
                Optional.of(id.value())));
    assertThat(solve.inputs())
        .extracting(CommandDatasets.Named::name)
        .contains(new DatasetName("s3://bucket", "w/traces"));
  }
}
