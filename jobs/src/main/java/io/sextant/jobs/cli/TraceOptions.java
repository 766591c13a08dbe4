package io.sextant.jobs.cli;

import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.SlotMap;
import io.sextant.schema.trace.TraceHints;
import io.sextant.schema.trace.TraceHints.ExpertIds;
import io.sextant.schema.trace.TraceHints.LayerNumbers;
import io.sextant.schema.trace.TraceReader;
import io.sextant.schema.trace.format.FormatChoice;
import io.sextant.schema.trace.format.TraceFormats;
import io.sextant.schema.trace.routing.PromptLengthsFile;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Options for the trace files and their format. */
public final class TraceOptions {
  @Option(
      names = "--input",
      arity = "1..*",
      required = true,
      paramLabel = "PATH",
      description = "Trace files or folders of them, on any Hadoop file system.")
  private List<String> inputs;

  @Option(
      names = "--format",
      defaultValue = FormatChoice.AUTO,
      paramLabel = "FORMAT",
      completionCandidates = Formats.class,
      description =
          "Format of the files, one of ${COMPLETION-CANDIDATES}; auto (default) recognizes it"
              + " by content.")
  private String format;

  public static final class Formats implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Stream.concat(
              Stream.of(FormatChoice.AUTO), TraceFormats.all().stream().map(TraceReader::format))
          .iterator();
    }
  }

  public List<String> inputs() {
    return inputs;
  }

  @Option(
      names = "--current-map",
      paramLabel = "MAP",
      description =
          "The placement that the engine used while it recorded, in any format that contains"
              + " a map, or a folder that solve wrote. Slots in the files are translated to experts with it.")
  private Path currentMap;

  @Option(
      names = "--layer-numbers",
      defaultValue = "auto",
      paramLabel = "WHICH",
      description =
          "For megatron: the number of the first layer, one of ${COMPLETION-CANDIDATES}. auto"
              + " (default) decides from the whole file.")
  private LayerNumbers layerNumbers;

  @Option(
      names = "--expert-ids",
      defaultValue = "auto",
      paramLabel = "WHICH",
      description =
          "Whether ids are experts or slots of --current-map, one of"
              + " ${COMPLETION-CANDIDATES}. auto (default) decides by the range of the ids.")
  private ExpertIds expertIds;

  @Option(
      names = "--prompt-lengths",
      paramLabel = "FILE",
      description =
          "Prompt lengths, for files of the formats vllm and responses that do not contain"
              + " them: JSON lines, such as a request log, or CSV, with request_id and"
              + " prompt_tokens.")
  private Path promptLengths;

  /**
   * How to read the files.
   *
   * @throws io.sextant.schema.InvalidInputException if the format is unknown, the map cannot be
   *     read or is for another model, or the prompt lengths cannot be read
   */
  public FormatChoice format(ModelSpec model) {
    SlotMap slots = currentMap == null ? null : slots(PlacementMaps.read(currentMap, model));
    Map<String, Integer> lengths =
        promptLengths == null ? Map.of() : PromptLengthsFile.read(promptLengths);
    return new FormatChoice(format, new TraceHints(slots, lengths, layerNumbers, expertIds));
  }

  /** The map in the form that trace readers use. */
  public static SlotMap slots(PlacementMap map) {
    return new SlotMap(
        map.layers().stream().mapToInt(Integer::intValue).toArray(), map.physicalToLogical());
  }
}
