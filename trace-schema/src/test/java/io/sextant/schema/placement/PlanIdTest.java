package io.sextant.schema.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ClusterSpec;
import io.sextant.schema.spec.ClusterSpecs;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.spec.ServingProfile;
import io.sextant.schema.spec.ServingProfiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanIdTest {
  private static final ModelSpec MODEL = ModelSpecs.load("sextant-128x8");
  private static final ClusterSpec CLUSTER = ClusterSpecs.load("4x8-h200");
  private static final ServingProfile SGLANG = ServingProfiles.load("sglang");
  private static final PlanInputs INPUTS =
      new PlanInputs(CLUSTER, SGLANG, "both", "bf16", "2026-09-10", "2026-09-13");

  @TempDir private Path folder;

  private static PlacementMap linear() {
    return PlacementMap.linear(MODEL);
  }

  private static PlacementMap exchanged() {
    PlacementMap map = linear();
    int[] row = map.physicalToLogical()[3];
    row[0] = 1;
    row[1] = 0;
    return map;
  }

  /** The value must not change from release to release, or plans would not be found again. */
  @Test
  void isTheSameForTheSameContent() {
    PlanId id = PlanId.of(linear(), INPUTS);
    assertThat(id.value()).matches("[0-9a-f]{12}-[0-9a-f]{12}");
    assertThat(PlanId.of(linear(), INPUTS)).isEqualTo(id);
    assertThat(PlanId.of(linear(), INPUTS.under(null))).isEqualTo(id);
    assertThat(PlanId.of(linear(), INPUTS.withoutTraces()))
        .isEqualTo(
            PlanId.of(linear(), new PlanInputs(CLUSTER, SGLANG, "both", "bf16", null, null)));
    assertThat(PlanId.mapPart(linear())).isEqualTo("a7b2462c4758");
  }

  @Test
  void everyInputMakesAnother() {
    List<PlanId> ids =
        List.of(
            PlanId.of(linear(), INPUTS),
            PlanId.of(linear(), INPUTS.under("mix java=0.2")),
            PlanId.of(linear(), INPUTS.under("mix java=0.3")),
            PlanId.of(exchanged(), INPUTS),
            PlanId.of(linear(), INPUTS.withoutTraces()),
            PlanId.of(
                linear(),
                new PlanInputs(
                    ClusterSpecs.load("8x8-h200"),
                    SGLANG,
                    "both",
                    "bf16",
                    "2026-09-10",
                    "2026-09-13")),
            PlanId.of(
                linear(),
                new PlanInputs(
                    CLUSTER,
                    ServingProfiles.load("vllm"),
                    "both",
                    "bf16",
                    "2026-09-10",
                    "2026-09-13")),
            PlanId.of(
                linear(),
                new PlanInputs(
                    CLUSTER,
                    SGLANG.withTokens(64, 16),
                    "both",
                    "bf16",
                    "2026-09-10",
                    "2026-09-13")),
            PlanId.of(
                linear(),
                new PlanInputs(CLUSTER, SGLANG, "decode", "bf16", "2026-09-10", "2026-09-13")),
            PlanId.of(
                linear(),
                new PlanInputs(CLUSTER, SGLANG, "both", "fp8", "2026-09-10", "2026-09-13")),
            PlanId.of(
                linear(),
                new PlanInputs(CLUSTER, SGLANG, "both", "bf16", "2026-09-09", "2026-09-13")),
            PlanId.of(
                linear(),
                new PlanInputs(CLUSTER, SGLANG, "both", "bf16", "2026-09-10", "2026-09-12")));
    assertThat(ids).doesNotHaveDuplicates();
  }

  @Test
  void isOfItsMapOnly() {
    PlanId id = PlanId.of(linear(), INPUTS);
    assertThat(id.isOf(linear())).isTrue();
    assertThat(id.isOf(exchanged())).isFalse();
  }

  @Test
  void comesBackFromTheMapsFile() throws Exception {
    Path file = folder.resolve("placement.json");
    PlanOrigin origin = PlanOrigin.of(linear(), INPUTS.under("mix java=0.2"));
    PlacementMaps.write(file, linear(), PlannedFor.of(SGLANG), origin);
    assertThat(PlacementMaps.read(file, MODEL)).isEqualTo(linear());
    assertThat(PlacementMaps.origin(file)).contains(origin);
    assertThat(PlacementMaps.plannedFor(file)).contains(PlannedFor.of(SGLANG));
    assertThat(Files.readString(file))
        .contains(
            "  \"plan_id\": \"" + origin.id() + "\",\n  \"cluster\": \"4x8-h200\",\n",
            "  \"planned_from\": \"2026-09-10\",\n  \"planned_to\": \"2026-09-13\",\n",
            "  \"planned_traffic\": \"mix java=0.2\",\n");
    PlacementMaps.write(file, linear());
    assertThat(PlacementMaps.origin(file)).isEmpty();
  }

  @Test
  void aMalformedIdIsOneLine() throws Exception {
    Path file = folder.resolve("placement.json");
    String json = PlacementMaps.toJson(linear(), PlannedFor.NONE, PlanOrigin.of(linear(), INPUTS));
    Files.writeString(file, json.replaceFirst("\"plan_id\": \"[^\"]*\"", "\"plan_id\": \"mine\""));
    assertThatThrownBy(() -> PlacementMaps.read(file, MODEL))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(file + ": plan_id: 'mine' is not a plan id. Leave the key out, or plan again");
  }
}
