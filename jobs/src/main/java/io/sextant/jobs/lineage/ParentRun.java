package io.sextant.jobs.lineage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The run of the scheduler that started this process. Schedulers pass it in {@code
 * OPENLINEAGE_CONTEXT}, as JSON, or in {@code OPENLINEAGE_PARENT_ID} and {@code
 * OPENLINEAGE_ROOT_PARENT_ID}, as {@code NAMESPACE/JOB/RUN}, which Airflow's macro {@code
 * lineage_parent_id} makes. See https://openlineage.io/docs/integrations/dbt.
 *
 * @param run the task's run
 * @param root the run of the whole workflow
 */
record ParentRun(Link run, Link root) {
  private static final int PARTS = 3;

  /** A run of a job. */
  record Link(String namespace, String job, UUID runId) {

    private static Optional<Link> of(String text) {
      String[] parts = text == null ? new String[0] : text.split("/", -1);
      return parts.length == PARTS ? of(parts[0], parts[1], parts[2]) : Optional.empty();
    }

    private static Optional<Link> of(JsonNode node) {
      JsonNode job = node.path("job");
      return of(
          job.path("namespace").asText(""),
          job.path("name").asText(""),
          node.path("run").path("runId").asText(""));
    }

    private static Optional<Link> of(String namespace, String job, String runId) {
      if (namespace.isEmpty() || job.isEmpty()) {
        return Optional.empty();
      }
      try {
        return Optional.of(new Link(namespace, job, UUID.fromString(runId)));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }

    void put(ObjectNode node) {
      node.putObject("run").put("runId", runId.toString());
      node.putObject("job").put("namespace", namespace).put("name", job);
    }
  }

  /** The parent that the variables name; empty if they name none or are malformed. */
  static Optional<ParentRun> of(Map<String, String> environment) {
    return context(environment.get("OPENLINEAGE_CONTEXT"))
        .or(
            () ->
                Link.of(environment.get("OPENLINEAGE_PARENT_ID"))
                    .map(
                        run ->
                            new ParentRun(
                                run,
                                Link.of(environment.get("OPENLINEAGE_ROOT_PARENT_ID"))
                                    .orElse(run))));
  }

  private static Optional<ParentRun> context(String json) {
    if (json == null) {
      return Optional.empty();
    }
    try {
      JsonNode parent = new ObjectMapper().readTree(json).path("parent");
      return Link.of(parent)
          .map(run -> new ParentRun(run, Link.of(parent.path("root")).orElse(run)));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
