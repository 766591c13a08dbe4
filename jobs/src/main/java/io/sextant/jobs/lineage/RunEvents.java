package io.sextant.jobs.lineage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.cli.BuildVersion;
import io.sextant.jobs.cli.Invocation;
import io.sextant.schema.table.Column;
import io.sextant.schema.table.TableDefinition;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;

/**
 * The events of one run of a command, as JSON of the OpenLineage specification 2-0-2.
 *
 * @param id id of the run in the events
 * @param namespace namespace of the job
 * @param command the command with its options
 * @param parent the scheduler's run; empty if there is none
 */
record RunEvents(UUID id, String namespace, Invocation command, Optional<ParentRun> parent) {
  private static final String SPEC = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/";
  private static final String FACETS = "https://openlineage.io/spec/facets/";
  private static final String VERSION = new BuildVersion().getVersion()[0].split(" ", -1)[1];
  private static final String PRODUCER = "urn:sextant:jobs:" + VERSION;

  /** States of a run in an event. */
  enum State {
    START,
    COMPLETE,
    FAIL,
    ABORT
  }

  /**
   * How a run ended.
   *
   * @param state the state of the event
   * @param exitCode the exit code of the command; empty if it is not known
   * @param message what failed; empty if nothing did
   */
  record End(State state, OptionalInt exitCode, Optional<String> message) {}

  /** The event of a command that begins. */
  String start() {
    return event(State.START, new End(State.START, OptionalInt.empty(), Optional.empty()));
  }

  /** The event of a command that has ended. */
  String end(End end) {
    return event(end.state(), end);
  }

  private String event(State state, End end) {
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    event
        .put("eventTime", Instant.now().toString())
        .put("producer", PRODUCER)
        .put("schemaURL", SPEC + "RunEvent")
        .put("eventType", state.name());
    ObjectNode run = event.putObject("run").put("runId", id.toString());
    facets(run.putObject("facets"), end);
    job(event.putObject("job"));
    CommandDatasets datasets = new CommandDatasets(command);
    put(event.putArray("inputs"), datasets.inputs());
    ArrayNode outputs = event.putArray("outputs");
    if (state == State.COMPLETE) {
      put(outputs, datasets.outputs());
    }
    return event.toString();
  }

  private void facets(ObjectNode facets, End end) {
    facet(facets, "processing_engine", "1-1-1/ProcessingEngineRunFacet")
        .put("name", "sextant")
        .put("version", VERSION);
    parent.ifPresent(
        of -> {
          ObjectNode facet = facet(facets, "parent", "1-2-0/ParentRunFacet");
          of.run().put(facet);
          of.root().put(facet.putObject("root"));
        });
    ObjectNode own = facets.putObject("sextant_run");
    own.put("_producer", PRODUCER).put("_schemaURL", SPEC + "RunFacet");
    own.put("arguments", command.arguments());
    command.notes().runId().ifPresent(run -> own.put("run_id", run));
    end.exitCode().ifPresent(code -> own.put("exit_code", code));
    end.message()
        .ifPresent(
            message ->
                facet(facets, "errorMessage", "1-0-1/ErrorMessageRunFacet")
                    .put("message", message)
                    .put("programmingLanguage", "JAVA"));
  }

  private void job(ObjectNode job) {
    job.put("namespace", namespace).put("name", jobName());
    facet(job.putObject("facets"), "jobType", "2-0-4/JobTypeJobFacet")
        .put("processingType", "BATCH")
        .put("integration", "SEXTANT")
        .put("jobType", "COMMAND");
  }

  /** The command and the model: the same in every run of a schedule. */
  private String jobName() {
    List<String> model = command.values().getOrDefault("--model", List.of());
    return model.isEmpty() || model.get(0).contains("/")
        ? "sextant." + command.name()
        : "sextant.%s.%s".formatted(command.name(), model.get(0));
  }

  private static void put(ArrayNode datasets, Set<CommandDatasets.Named> all) {
    for (CommandDatasets.Named one : all) {
      ObjectNode dataset = datasets.addObject();
      dataset.put("namespace", one.name().namespace()).put("name", one.name().name());
      ObjectNode facets = dataset.putObject("facets");
      one.table().ifPresent(table -> schema(facets, table));
      one.version()
          .ifPresent(
              plan ->
                  facet(facets, "version", "1-0-1/DatasetVersionDatasetFacet")
                      .put("datasetVersion", plan));
    }
  }

  private static void schema(ObjectNode facets, TableDefinition<?> table) {
    ArrayNode fields = facet(facets, "schema", "1-2-0/SchemaDatasetFacet").putArray("fields");
    for (Column column : table.columns()) {
      fields
          .addObject()
          .put("name", column.name())
          .put("type", column.type().name().toLowerCase(Locale.ROOT))
          .put("description", column.description());
    }
  }

  /** A facet of the specification: {@code VERSION/NAME} of its file. */
  private static ObjectNode facet(ObjectNode facets, String name, String file) {
    String type = file.substring(file.indexOf('/') + 1);
    return facets
        .putObject(name)
        .put("_producer", PRODUCER)
        .put("_schemaURL", FACETS + file + ".json#/$defs/" + type);
  }
}
