package io.sextant.jobs.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.lineage.ParentRun.Link;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ParentRunTest {
  private static final String TASK = "f99310b4-3c3c-1a1a-2b2b-c1b95c24ff11";
  private static final String FLOW = "a99310b4-3c3c-1a1a-2b2b-c1b95c24ff11";

  @Test
  void isNamedByNamespaceJobAndRun() {
    Link task = new Link("airflow", "nightly.refresh", UUID.fromString(TASK));
    Link flow = new Link("airflow", "nightly", UUID.fromString(FLOW));
    assertThat(ParentRun.of(Map.of("OPENLINEAGE_PARENT_ID", "airflow/nightly.refresh/" + TASK)))
        .contains(new ParentRun(task, task));
    assertThat(
            ParentRun.of(
                Map.of(
                    "OPENLINEAGE_PARENT_ID",
                    "airflow/nightly.refresh/" + TASK,
                    "OPENLINEAGE_ROOT_PARENT_ID",
                    "airflow/nightly/" + FLOW)))
        .contains(new ParentRun(task, flow));
  }

  @Test
  void isNamedByTheContextFirst() {
    String run = "\"run\":{\"runId\":\"%s\"},\"job\":{\"namespace\":\"n\",\"name\":\"%s\"}";
    String context =
        "{\"parent\":{%s,\"root\":{%s}}}"
            .formatted(run.formatted(TASK, "t"), run.formatted(FLOW, "f"));
    assertThat(
            ParentRun.of(
                Map.of("OPENLINEAGE_CONTEXT", context, "OPENLINEAGE_PARENT_ID", "x/y/" + TASK)))
        .contains(
            new ParentRun(
                new Link("n", "t", UUID.fromString(TASK)),
                new Link("n", "f", UUID.fromString(FLOW))));
  }

  @Test
  void isMissingIfItIsMalformed() {
    assertThat(ParentRun.of(Map.of())).isEmpty();
    for (String wrong : new String[] {"", "a/b", "a/b/c", "//" + TASK, "a/b/" + TASK + "/d"}) {
      assertThat(ParentRun.of(Map.of("OPENLINEAGE_PARENT_ID", wrong))).as(wrong).isEmpty();
    }
    assertThat(ParentRun.of(Map.of("OPENLINEAGE_CONTEXT", "{"))).isEmpty();
    assertThat(ParentRun.of(Map.of("OPENLINEAGE_CONTEXT", "[]"))).isEmpty();
  }
}
