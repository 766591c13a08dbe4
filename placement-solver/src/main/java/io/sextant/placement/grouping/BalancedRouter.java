package io.sextant.placement.grouping;

/**
 * Sends each request to the node on which its tokens cost least, under a price for capacity, and
 * keeps the nodes' tokens even over any {@value #WINDOW} consecutive requests.
 *
 * <p>A node's price rises with every request it gets and falls with those of others (dual ascent on
 * the capacity constraint), so that of the requests that like a busy node best, those go elsewhere
 * that lose least by it. On top of it comes the cube of how far the node is from its share of the
 * last {@value #WINDOW} requests: next to nothing while it is even, because a price that moves
 * without need sends requests to the wrong node, and much near the limit. A node that would pass
 * its share by {@value #TOLERANCE} takes no more; one that has fallen as far behind goes first.
 */
public final class BalancedRouter {
  /** Requests over which nodes are kept even. */
  public static final int WINDOW = 1000;

  /** Relative to a node's share of the window; below the 5 % that groups must keep to. */
  public static final double TOLERANCE = 0.038;

  /** What one request above its share raises a node's price by, in remote nodes per token-layer. */
  private static final double PRICE_STEP = 0.01;

  /**
   * What a node that has all its tolerance allows costs more than an even one, in the same unit.
   */
  private static final double FULL = 0.4;

  /**
   * Requests that leave the window next and no longer count: a node may begin to make up for them.
   */
  private static final int LEAVING = 10;

  private final int nodes;
  private final double[] price;
  private final int[] nodeOf = new int[WINDOW];
  private final int[] tokensOf = new int[WINDOW];
  private final long[] inWindow;
  private final long[] leaving;
  private long windowTokens;
  private long leavingTokens;
  private long routed;
  private long finishedTokens;
  private long decodeTokens;

  /**
   * @param prices shape [nodes]: prices to start from, in remote nodes per token-layer
   */
  public BalancedRouter(double[] prices) {
    this.nodes = prices.length;
    this.price = prices.clone();
    this.inWindow = new long[nodes];
    this.leaving = new long[nodes];
  }

  /** A router that knows nothing yet. */
  public static BalancedRouter fresh(int nodes) {
    return new BalancedRouter(new double[nodes]);
  }

  /** The prices as they stand. */
  public double[] prices() {
    return price.clone();
  }

  /**
   * Chooses a request's node.
   *
   * @param cost expected remote nodes or sends per token and layer, for each node
   * @param at index of the request's first cost
   * @param prefillTokens prefill rows that run on the node
   */
  public int route(double[] cost, int at, int prefillTokens) {
    int ring = (int) (routed % WINDOW);
    advance(ring);
    int tokens = prefillTokens + (int) (routed == 0 ? 0 : decodeTokens / routed);
    double meanTokens = routed == 0 ? tokens : finishedTokens / (double) routed;
    double slack = TOLERANCE * meanTokens * WINDOW / nodes;
    double share = (windowTokens + tokens) / (double) nodes;
    boolean behind = false;
    for (int n = 0; n < nodes; n++) {
      behind |= inWindow[n] < share - slack;
    }
    int best = -1;
    double least = 0;
    int emptiest = 0;
    for (int n = 0; n < nodes; n++) {
      emptiest = inWindow[n] < inWindow[emptiest] ? n : emptiest;
      if (behind ? inWindow[n] >= share - slack : inWindow[n] + tokens > share + slack) {
        continue;
      }
      double more = inWindow[n] - leaving[n] - (windowTokens - leavingTokens) / (double) nodes;
      // The first request of a decode pool has no tokens that are known yet, and so no slack.
      double above = slack == 0 ? 0 : more / slack;
      double value = cost[at + n] + price[n] + FULL * above * above * above;
      if (best < 0 || value < least) {
        best = n;
        least = value;
      }
    }
    best = best < 0 ? emptiest : best;
    nodeOf[ring] = best;
    tokensOf[ring] = tokens;
    inWindow[best] += tokens;
    windowTokens += tokens;
    finishedTokens += tokens;
    decodeTokens += tokens - prefillTokens;
    double relative = meanTokens == 0 ? 0 : tokens / meanTokens;
    for (int n = 0; n < nodes; n++) {
      price[n] += PRICE_STEP * relative * ((n == best ? 1 : 0) - 1.0 / nodes);
    }
    routed++;
    return best;
  }

  /** The oldest request leaves the window, and another becomes one of those that leave next. */
  private void advance(int oldest) {
    if (routed >= WINDOW) {
      inWindow[nodeOf[oldest]] -= tokensOf[oldest];
      windowTokens -= tokensOf[oldest];
      leaving[nodeOf[oldest]] -= tokensOf[oldest];
      leavingTokens -= tokensOf[oldest];
    }
    if (routed >= WINDOW - LEAVING) {
      int next = (int) ((routed + LEAVING) % WINDOW);
      leaving[nodeOf[next]] += tokensOf[next];
      leavingTokens += tokensOf[next];
    }
  }

  /** Says how many tokens of the request routed last ran on its node in the end. */
  public void finished(int tokens) {
    int ring = (int) ((routed - 1) % WINDOW);
    int more = tokens - tokensOf[ring];
    tokensOf[ring] = tokens;
    inWindow[nodeOf[ring]] += more;
    windowTokens += more;
    finishedTokens += more;
    decodeTokens += more;
  }
}
