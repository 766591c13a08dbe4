package io.sextant.schema.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.schema.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouterTest {
  private static final Router ROUTER =
      new Router(
          new RouterTable(
              "m",
              "prompt-tokens",
              "sglang",
              "nearest",
              "node-deduplicated",
              "both",
              2,
              1000,
              0.038,
              new double[] {0, 0},
              List.of(1),
              Map.of(),
              null,
              null,
              new int[][] {{1, 2}}),
          new TokenCosts("m", new float[] {1, 1.5f}, new float[] {0.25f, 1, 1.5f, 0, 1, 1.75f}));

  @TempDir private Path folder;
  private Path groups;
  private Path tokens;

  @BeforeEach
  void write() throws Exception {
    groups = folder.resolve("groups.json");
    tokens = folder.resolve(Router.TOKENS_FILE);
    ROUTER.write(groups);
  }

  @Test
  void comesBackAsItWas() {
    Router read = Router.read(groups);
    assertThat(read.tokens()).usingRecursiveComparison().isEqualTo(ROUTER.tokens());
    assertThat(read.tokens().ids()).isEqualTo(3);
    assertThat(read.table())
        .usingRecursiveComparison()
        .ignoringFields("tokenCostsSha256")
        .isEqualTo(ROUTER.table());
  }

  @Test
  void aRouterWithoutTokenIdsIsOneFile() throws Exception {
    Router labels = new Router(ROUTER.table(), null);
    labels.write(groups);
    assertThat(tokens).doesNotExist();
    assertThat(Router.read(groups).tokens()).isNull();
  }

  @Test
  void refusesAShortFile() throws Exception {
    byte[] bytes = Files.readAllBytes(tokens);
    Files.write(tokens, Arrays.copyOf(bytes, bytes.length - 3));
    assertRefused("not a table of token costs: truncated");
  }

  @Test
  void refusesAFlippedBit() throws Exception {
    byte[] bytes = Files.readAllBytes(tokens);
    bytes[bytes.length - 2] ^= 1;
    Files.write(tokens, bytes);
    assertRefused("it is damaged or belongs to another plan than groups.json");
  }

  @Test
  void refusesCostsThatAreNotNumbersOfNodes() throws Exception {
    byte[] bytes = Files.readAllBytes(tokens);
    Arrays.fill(bytes, bytes.length - 4, bytes.length, (byte) 0xFF);
    Files.write(tokens, bytes);
    assertRefused("tensor mean has NaN at position 1");
  }

  @Test
  void refusesAnotherTable() throws Exception {
    new TokenCosts("m", new float[] {1}, new float[] {1}).write(tokens);
    assertRefused("it is damaged or belongs to another plan");
  }

  @Test
  void saysThatTheFileIsMissing() throws Exception {
    Files.delete(tokens);
    assertRefused("there is no such file");
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> Router.read(groups))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(tokens.toString())
        .hasMessageContaining(message)
        .matches(e -> e.getMessage().lines().count() == 1);
  }
}
