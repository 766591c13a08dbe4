package io.sextant.placement.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.PlacementMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MovesFileTest {
  private static final SlotLayout LAYOUT = new SlotLayout(4, 8, 5);
  private static final long EXPERT_BYTES = 589_824;

  @TempDir private Path folder;

  private static Moves moves(long mostCopied) {
    int[][] current = new int[3][];
    int[][] target = new int[3][];
    for (int l = 0; l < 3; l++) {
      current[l] = Maps.planned(LAYOUT, 128, l, 4);
      int[] changed = Maps.changed(LAYOUT, current[l], l * 60, new Random(l));
      target[l] = Relabelling.withinNodes(LAYOUT, current[l], changed);
    }
    List<Integer> layers = List.of(1, 3, 5);
    return Moves.between(
        LAYOUT,
        new PlacementMap("sextant-128x8", 128, layers, current),
        new PlacementMap("sextant-128x8", 128, layers, target),
        EXPERT_BYTES,
        mostCopied);
  }

  @Test
  void readsWhatItWrote() throws IOException {
    Moves moves = moves(Long.MAX_VALUE);
    Path file = folder.resolve("moves.json");
    Files.writeString(file, MovesFile.toJson(moves));
    assertThat(MovesFile.read(file)).isEqualTo(moves);
    assertThat(MovesFile.toJson(moves(Long.MAX_VALUE))).isEqualTo(Files.readString(file));
    assertThat(moves.layers().get(0).moves().steps()).isEmpty();
    assertThat(moves.steps()).isGreaterThan(50);
  }

  @Test
  void showsWhatHasToBeProvided() {
    Moves one =
        new Moves(
            "sextant-128x8",
            new SlotLayout(2, 2, 2),
            EXPERT_BYTES,
            List.of(
                new LayerMoves(1, 0, new MoveList(new SlotLayout(2, 2, 2), List.of())),
                new LayerMoves(
                    3,
                    3,
                    MoveList.of(
                        new SlotLayout(2, 2, 2),
                        new int[] {0, 1, 2, 3, 4, 5, 6, 0},
                        new int[] {2, 1, 0, 3, 4, 5, 6, 2},
                        0))));
    assertThat(MovesFile.toJson(one))
        .isEqualTo(
            """
            {
              "model": "sextant-128x8",
              "nodes": 2, "gpus_per_node": 2, "slots_per_gpu": 2,
              "expert_bytes": 589824,
              "moved_bytes": 1769472, "copied_bytes": 1769472, "staging_bytes_per_gpu": 0,
              "layers": [
                {"layer": 1, "moved_slots": 0, "steps": []},
                {"layer": 3, "moved_slots": 3, "steps": [
                  {"staging_bytes": 0, "writes": [[0, 2, 2]]},
                  {"staging_bytes": 0, "writes": [[2, 0, 7]]},
                  {"staging_bytes": 0, "writes": [[7, 2, 0]]}
                ]}
              ]
            }
            """);
  }

  /** A limit holds for all that is copied: what the plan leaves of it goes to breaking rings. */
  @Test
  void copiesNoMoreThanAllowed() {
    long moved = moves(0).movedBytes() / EXPERT_BYTES;
    LongStream.of(moved, moved + 1, moved + 2, moved + 9)
        .forEach(
            most -> assertThat(moves(most).copiedBytes()).isLessThanOrEqualTo(most * EXPERT_BYTES));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"nodes\": 4 | \"nodes\": 0 | : 'nodes' is not a number from 1 to 32768.",
        "\"steps\": [] | \"steps\": 3 | : layer 1: there is no list 'steps'.",
        "\"steps\": [] | \"steps\": [{\"writes\": []}] | : layer 1, step 0: it writes nothing, or a slot twice.",
        "\"steps\": [] | \"steps\": [{\"writes\": [[160, 1, 2]]}] | : layer 1, step 0: [160,1,2] is not [slot, expert, from_slot] in a layer of 160 slots.",
        "\"expert_bytes\": 589824 | \"expert_bytes\": 0 | : 'model' is not a name or 'expert_bytes' not a positive number.",
        "\"layers\": [ | \"layers\": | : not JSON: Unexpected character",
      })
  void namesTheFileAndWhatIsWrong(String right, String wrong, String message) throws IOException {
    Path file = folder.resolve("moves.json");
    String text = MovesFile.toJson(moves(0));
    assertThat(text).contains(right);
    Files.writeString(file, text.replace(right, wrong));
    assertThatThrownBy(() -> MovesFile.read(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(file + message);
  }

  @Test
  void namesAFileThatIsNotThere() {
    assertThatThrownBy(() -> MovesFile.read(folder.resolve("none.json")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            folder.resolve("none.json")
                + ": there is no such file. Name a moves.json that solve wrote");
  }
}
