package io.sextant.jobs.score;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sextant.jobs.CommandRun;
import io.sextant.jobs.TestPacks;
import io.sextant.jobs.storage.InputFile;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.pack.SextantPackWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests of sample day 8 in files with one request each, and the same requests in one file. */
class FileStretchesTest {
  private static final ModelSpec MODEL = ModelSpecs.load("sextant-128x8");

  @TempDir private Path folder;

  private JsonNode evaluate(Path... inputs) throws Exception {
    Path json = folder.resolve("evaluated.json");
    String[] options = {
      "evaluate",
      "--placement",
      "linear",
      "--model",
      "sextant-128x8",
      "--cluster",
      "4x8-h200",
      "--micro-batch",
      "128",
      "--json",
      json.toString(),
      "--input"
    };
    String[] arguments = new String[options.length + inputs.length];
    System.arraycopy(options, 0, arguments, 0, options.length);
    for (int i = 0; i < inputs.length; i++) {
      arguments[options.length + i] = inputs[i].toString();
    }
    CommandRun run = CommandRun.of(arguments);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return new ObjectMapper().readTree(json.toFile());
  }

  @Test
  void filesOfOneRequestScoreAsTheirPack() throws Exception {
    List<RequestTrace> requests =
        TestPacks.read(TestPacks.samples().resolve("day08.safetensors.zst"), MODEL).subList(0, 40);
    Path pack = folder.resolve("pack.safetensors.zst");
    SextantPackWriter.writeZstd(pack, MODEL, requests);
    Path many = Files.createDirectory(folder.resolve("many"));
    for (int i = 0; i < requests.size(); i++) {
      // In an order that differs from the order of arrival.
      Path file = many.resolve("%02d.safetensors.zst".formatted((i * 7) % 40));
      SextantPackWriter.writeZstd(file, MODEL, List.of(requests.get(i)));
    }
    JsonNode whole = evaluate(pack);
    assertThat(whole.at("/0/micro_batches").asInt()).isGreaterThan(10);
    assertThat(evaluate(many)).isEqualTo(whole);
    // A file with many requests is a stretch of its own, whatever its position.
    JsonNode both = evaluate(pack, many);
    assertThat(both.at("/0/micro_batches").asInt())
        .isEqualTo(2 * whole.at("/0/micro_batches").asInt());
  }

  @Test
  void filesAreReadTogetherUpToAFixedSize() {
    long mega = 1 << 20;
    List<InputFile> files =
        List.of(
            new InputFile("a", 10 * mega),
            new InputFile("b", 6 * mega),
            new InputFile("c", 1),
            new InputFile("d", 20 * mega),
            new InputFile("e", 13 * mega),
            new InputFile("f", 13 * mega));
    assertThat(FileStretches.groups(files))
        .containsExactly(List.of("a", "b"), List.of("c"), List.of("d"), List.of("e"), List.of("f"));
  }
}
