package io.sextant.placement.anneal;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A random choice between the kinds of proposals, each as often as its weight says.
 *
 * @param <P> the kinds, an enum with a weight per constant
 */
public final class Proposals<P extends Enum<P> & Proposals.Weighted> {

  /** A kind of proposal. */
  public interface Weighted {

    /** How often the kind is drawn, relative to the others; at least 1. */
    int weight();
  }

  private final List<P> byTicket;

  /** All constants of the enum; in their order, each stands as often as its weight. */
  public Proposals(Class<P> kinds) {
    List<P> tickets = new ArrayList<>();
    for (P kind : kinds.getEnumConstants()) {
      for (int i = 0; i < kind.weight(); i++) {
        tickets.add(kind);
      }
    }
    this.byTicket = List.copyOf(tickets);
  }

  /** Draws a kind with one random number below the sum of the weights. */
  public P draw(SplittableRandom random) {
    return byTicket.get(random.nextInt(byTicket.size()));
  }
}
