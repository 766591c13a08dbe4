package io.sextant.placement.anneal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ProposalsTest {

  private enum Kind implements Proposals.Weighted {
    OFTEN(5),
    ONCE(1),
    TWICE(2);

    private final int weight;

    Kind(int weight) {
      this.weight = weight;
    }

    @Override
    public int weight() {
      return weight;
    }
  }

  /** Tickets below 5 are the first kind's, then one, then two. */
  @Property(tries = 50)
  void drawsOneTicketOfAll(@ForAll long seed) {
    Proposals<Kind> kinds = new Proposals<>(Kind.class);
    SplittableRandom drawn = new SplittableRandom(seed);
    SplittableRandom tickets = new SplittableRandom(seed);
    for (int i = 0; i < 100; i++) {
      int ticket = tickets.nextInt(8);
      assertThat(kinds.draw(drawn))
          .isEqualTo(ticket < 5 ? Kind.OFTEN : ticket < 6 ? Kind.ONCE : Kind.TWICE);
    }
  }

  @Test
  void everyKindComesAsOftenAsItsWeightSays() {
    Proposals<Kind> kinds = new Proposals<>(Kind.class);
    SplittableRandom random = new SplittableRandom(1);
    Map<Kind, Integer> count = new EnumMap<>(Kind.class);
    for (int i = 0; i < 80_000; i++) {
      count.merge(kinds.draw(random), 1, Integer::sum);
    }
    for (Kind kind : Kind.values()) {
      // Six deviations of a binomial count are 870 at most.
      assertThat(count.get(kind)).isBetween(10_000 * kind.weight - 870, 10_000 * kind.weight + 870);
    }
  }
}
