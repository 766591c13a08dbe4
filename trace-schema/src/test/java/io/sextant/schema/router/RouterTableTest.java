package io.sextant.schema.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.Transport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterTableTest {
  private static final RouterTable TABLE =
      new RouterTable(
          "m",
          "label",
          "sglang",
          "nearest",
          "per-expert",
          "decode",
          2,
          1000,
          0.03,
          new double[] {0.25, -0.25},
          List.of(1, 3),
          Map.of("", new double[] {1, 2}, "math", new double[] {1.5, 0.5}),
          null,
          null,
          new int[][] {{1, 2, 3}, {3, 2, 1}});

  @TempDir private Path folder;

  @Test
  void comesBackAsItWas() throws Exception {
    Path file = folder.resolve("groups.json");
    TABLE.write(file);
    RouterTable read = RouterTable.read(file);
    assertThat(read).usingRecursiveComparison().isEqualTo(TABLE);
    assertThat(Files.readString(file)).contains("\n[3,2,1]", "\n\"nodes_of_expert\"");
  }

  @Test
  void aFileWithoutPoolAndTransportIsOfAnEarlierRelease() throws Exception {
    Path file = folder.resolve("groups.json");
    TABLE.write(file);
    String text = Files.readString(file).replaceAll("\"(pool|transport)\":\"[a-z-]*\",\\n", "");
    Files.writeString(file, text);
    RouterTable read = RouterTable.read(file);
    assertThat(read.travel()).isEqualTo(Transport.NODE_DEDUPLICATED);
    assertThat(read.decodesAlone()).isFalse();
    assertThat(TABLE.decodesAlone()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"nodes\":2 | \"nodes\":3 | 2 prices for 3 nodes",
        "[3,2,1] | [3,2,4] | layer 3, expert 2: 4 is not a set of the 2 nodes",
        "[3,2,1] | [0,2,1] | layer 3, expert 0: 0 is not a set of the 2 nodes",
        "\"layers\":[1,3] | \"layers\":[1] | 1 layer ids for 2 rows",
        "\"prices\":[0.25,-0.25], | '' | prices",
        "\"nodes\":2 | \"nodes\":\"x\" | nodes",
        "[1.5,0.5] | [1.5] | label math: 1 costs for 2 nodes",
        "\"label\" | \"oracle\" | oracle",
        "\"decode\" | \"encode\" | pool encode is none of [both, prefill, decode]",
        "\"per-expert\" | \"pigeon\" | no transport is called pigeon"
      })
  void saysWhatIsWrong(String was, String is, String message) throws Exception {
    Path file = folder.resolve("groups.json");
    TABLE.write(file);
    Files.writeString(file, Files.readString(file).replace(was, is));
    assertThatThrownBy(() -> RouterTable.read(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(message);
  }

  @Test
  void saysThatThereIsNoFile() {
    assertThatThrownBy(() -> RouterTable.read(folder.resolve("none.json")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("none.json");
  }
}
