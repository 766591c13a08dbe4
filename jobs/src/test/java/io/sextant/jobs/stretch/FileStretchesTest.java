package io.sextant.jobs.stretch;

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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
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
        .extracting(group -> group.stream().flatMap(file -> file.paths().stream()).toList())
        .containsExactly(List.of("a", "b"), List.of("c"), List.of("d"), List.of("e"), List.of("f"));
  }

  /** Files that are too small for a micro-batch fill micro-batches together. */
  @Test
  void smallFilesFillMicroBatchesTogether() throws Exception {
    List<RequestTrace> requests =
        TestPacks.read(TestPacks.samples().resolve("day08.safetensors.zst"), MODEL).stream()
            .filter(request -> request.tokens() < 60)
            .limit(40)
            .toList();
    Path pack = folder.resolve("pack.safetensors.zst");
    SextantPackWriter.writeZstd(pack, MODEL, requests);
    Path many = Files.createDirectory(folder.resolve("pairs"));
    for (int i = 0; i < requests.size(); i += 2) {
      Path file = many.resolve("%02d.safetensors.zst".formatted((i * 7) % 40));
      SextantPackWriter.writeZstd(file, MODEL, requests.subList(i, i + 2));
    }
    JsonNode whole = evaluate(pack);
    assertThat(whole.at("/0/micro_batches").asInt()).isGreaterThan(4);
    assertThat(evaluate(many)).isEqualTo(whole);
  }

  /**
   * Ranks of one engine ran together. If their files were scored one after the other, each
   * micro-batch would come from one node, and the other nodes would seem to receive all tokens.
   */
  @Test
  void filesOfRanksFillMicroBatchesTogether() throws Exception {
    List<RequestTrace> requests =
        TestPacks.read(TestPacks.samples().resolve("day08.safetensors.zst"), MODEL).subList(0, 200);
    Path pack = folder.resolve("pack.safetensors.zst");
    SextantPackWriter.writeZstd(pack, MODEL, requests);
    JsonNode whole = evaluate(pack);
    assertThat(
            evaluate(ranks("dumps", requests, Comparator.comparing(RequestTrace::arrivalMillis))))
        .isEqualTo(whole);
    // A recorder has a request when it has ended, so short requests overtake long ones.
    assertThat(evaluate(ranks("ended", requests, Comparator.comparing(RequestTrace::tokens))))
        .isEqualTo(whole);
  }

  /** A file per rank, with its requests in the given order. */
  private Path ranks(String name, List<RequestTrace> requests, Comparator<RequestTrace> order)
      throws IOException {
    Path dumps = Files.createDirectory(folder.resolve(name));
    for (int rank = 0; rank < 8; rank++) {
      int dumped = rank;
      SextantPackWriter.writeZstd(
          dumps.resolve("day08_rank%d.safetensors.zst".formatted(rank)),
          MODEL,
          requests.stream()
              .filter(request -> request.sourceRank() == dumped)
              .sorted(order)
              .toList());
    }
    return dumps;
  }

  @Test
  void dumpsOfRanksAreFoundByTheirNames() {
    List<InputFile> files =
        Stream.of(
                "a/expert_distribution_recorder_1789344000.25_0.pt",
                "a/expert_distribution_recorder_1789344000.91_1.pt",
                "a/expert_distribution_recorder_1789347600.25_0.pt",
                "a/rank0_raw.safetensors",
                "b/rank8_raw.safetensors",
                "day01.safetensors.zst",
                "day02.safetensors.zst")
            .map(path -> new InputFile(path, 10))
            .toList();
    assertThat(RankFiles.of(files))
        .extracting(together -> together.paths().size())
        .containsExactly(2, 1, 2, 1, 1);
  }

  /** A damaged file among those of other ranks is named as if it were alone. */
  @Test
  void namesADamagedFileAmongThoseOfOtherRanks() throws Exception {
    Path dumps = Files.createDirectory(folder.resolve("broken"));
    byte[] sound = TestPacks.plain("day01-12");
    Files.write(dumps.resolve("rank0.safetensors"), sound);
    Path cut = dumps.resolve("rank1.safetensors");
    Files.write(cut, Arrays.copyOf(sound, sound.length - 7));
    CommandRun run =
        CommandRun.of(
            "evaluate",
            "--placement",
            "linear",
            "--model",
            "sextant-128x8",
            "--cluster",
            "4x8-h200",
            "--input",
            dumps.toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.lastError()).startsWith("sextant: " + cut + ": truncated");
  }
}
