package io.sextant.placement.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.placement.migration.ParetoFront.Point;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ParetoFrontTest {

  @Test
  void dropsWhatIsWorseInEveryRespect() {
    Point stay = new Point("stay", 0, 2.3, 1.2);
    Point few = new Point("few", 100, 2.25, 1.25);
    Point wasted = new Point("wasted", 200, 2.25, 1.3);
    Point again = new Point("again", 100, 2.25, 1.25);
    Point balanced = new Point("balanced", 300, 2.4, 1.1);
    Point unmeasured = new Point("unmeasured", 300, 2.3, Double.NaN);
    assertThat(ParetoFront.of(List.of(balanced, few, wasted, again, stay, unmeasured)))
        .containsExactly(stay, few, balanced);
  }

  @Property
  void whatIsDroppedIsBeatenAndWhatIsKeptIsNot(
      @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 0, max = 26) Integer> codes) {
    List<Point> points =
        codes.stream().map(c -> new Point("p", c % 3, c / 3 % 3, c / 9)).distinct().toList();
    List<Point> front = ParetoFront.of(points);
    for (Point point : points) {
      boolean beaten =
          points.stream()
              .anyMatch(
                  other ->
                      !other.equals(point)
                          && other.movedBytes() <= point.movedBytes()
                          && other.remoteNodesPerToken() <= point.remoteNodesPerToken()
                          && other.maxOverMeanGpuLoad() <= point.maxOverMeanGpuLoad());
      assertThat(front.contains(point)).isNotEqualTo(beaten);
    }
    assertThat(front).isSortedAccordingTo((a, b) -> Long.compare(a.movedBytes(), b.movedBytes()));
  }
}
