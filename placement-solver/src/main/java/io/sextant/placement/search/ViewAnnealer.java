package io.sextant.placement.search;

import io.sextant.placement.anneal.Annealed;
import io.sextant.placement.anneal.Annealing;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Divides experts over nodes under a rule with two views, and decides which experts have two
 * copies. Every expert has two halves: the tokens of even and of odd classes. The halves of an
 * expert with one copy share a node; those of an expert with two are apart, the even one in the
 * node that comes first, because engines number copies in slot order. Two units (an expert with one
 * copy, or one of two copies) exchange their nodes, or a copy gives its slot to a half of an expert
 * that had one copy. Bounded by steps.
 */
final class ViewAnnealer implements Annealed {
  private static final int BOTH = 3;

  /** One proposal in so many gives a slot to another expert. Chosen without a measurement. */
  private static final int TRANSFERS = 4;

  private final NodePartition partition;
  private final NodeBalance balance;
  private final double[] load;
  private final double perToken;

  /** Shape [units]: 4 x expert + the halves of the unit, bit 0 for the even one. */
  private final int[] units;

  /** Shape [halves]: the unit of each half. */
  private final int[] unitOf;

  private final int[] more;
  private double energy;
  private int[] bestHomes;

  /**
   * @param partition shape [halves], half h of expert e is number 2 e + h
   * @param load shape [halves]: tokens of each
   * @param perToken energy of one unit that the partition counts
   */
  ViewAnnealer(
      NodePartition partition,
      double[] load,
      double[] capacity,
      double perToken,
      NodeObjective weights) {
    this.partition = partition;
    this.load = load;
    this.perToken = perToken;
    this.balance = new NodeBalance(partition, capacity, Arrays.stream(load).sum(), weights);
    this.unitOf = new int[load.length];
    this.more = new int[capacity.length];
    int[] found = new int[load.length];
    int count = 0;
    for (int h = 0; h < load.length; h += 2) {
      balance.add(partition.home(h), load[h]);
      balance.add(partition.home(h + 1), load[h + 1]);
      boolean apart = partition.home(h) != partition.home(h + 1);
      unitOf[h] = count;
      found[count++] = 2 * h + (apart ? 1 : BOTH);
      if (apart) {
        found[count++] = 2 * h + 2;
      }
      unitOf[h + 1] = count - 1;
    }
    this.units = Arrays.copyOf(found, count);
  }

  /**
   * @return shape [halves]: the node of each half when the energy was least
   */
  int[] run(Annealing annealing) {
    annealing.run(this);
    return bestHomes;
  }

  @Override
  public double energy() {
    return energy;
  }

  @Override
  public void keep() {
    bestHomes = partition.homes();
  }

  @Override
  public boolean propose(Annealing annealing) {
    SplittableRandom random = annealing.random();
    int u = random.nextInt(units.length);
    int v = random.nextInt(units.length);
    boolean transfer = random.nextInt(TRANSFERS) == 0;
    double threshold = annealing.threshold();
    if (units[u] >> 2 == units[v] >> 2) {
      return false;
    }
    return transfer
        ? (units[u] & BOTH) != BOTH && (units[v] & BOTH) == BOTH && transfer(u, v, threshold)
        : swap(u, v, threshold);
  }

  private int nodeOf(int unit) {
    return partition.home(first(unit));
  }

  private int first(int unit) {
    int e = units[unit] >> 2;
    return (units[unit] & BOTH) == 2 ? 2 * e + 1 : 2 * e;
  }

  private int last(int unit) {
    int e = units[unit] >> 2;
    return (units[unit] & BOTH) == 1 ? 2 * e : 2 * e + 1;
  }

  private boolean ordered(int unit, int to) {
    return switch (units[unit] & BOTH) {
      case 1 -> to < partition.home(first(unit) + 1);
      case 2 -> partition.home(first(unit) - 1) < to;
      default -> true;
    };
  }

  private boolean swap(int u, int v, double threshold) {
    int i = nodeOf(u);
    int j = nodeOf(v);
    if (i == j || !ordered(u, j) || !ordered(v, i)) {
      return false;
    }
    double loadU = load(u);
    double loadV = load(v);
    double loadDelta = balance.loadDelta(i, loadV - loadU) + balance.loadDelta(j, loadU - loadV);
    int intoI = joins(v, i) - leaves(u);
    int intoJ = joins(u, j) - leaves(v);
    // The tokens that hold both are left out: they can only make a swap worse.
    if ((intoI + intoJ) * perToken + loadDelta > threshold) {
      return false;
    }
    for (int a = first(u); a <= last(u); a++) {
      for (int b = first(v); b <= last(v); b++) {
        intoI += partition.soleTogether(a, b, i);
        intoJ += partition.soleTogether(a, b, j);
      }
    }
    Arrays.fill(more, 0);
    more[i] = intoI;
    more[j] = intoJ;
    double delta = (intoI + intoJ) * perToken + loadDelta + balance.receiveDelta(more);
    if (delta > threshold) {
      return false;
    }
    move(u, i, j);
    move(v, j, i);
    energy += delta;
    return true;
  }

  private double load(int unit) {
    double sum = 0;
    for (int h = first(unit); h <= last(unit); h++) {
      sum += load[h];
    }
    return sum;
  }

  private int joins(int unit, int node) {
    int sum = 0;
    for (int h = first(unit); h <= last(unit); h++) {
      sum += partition.joins(h, node);
    }
    return sum;
  }

  private int leaves(int unit) {
    int sum = 0;
    for (int h = first(unit); h <= last(unit); h++) {
      sum += partition.leaves(h);
    }
    return sum;
  }

  private void move(int unit, int from, int to) {
    for (int h = first(unit); h <= last(unit); h++) {
      moveHalf(h, from, to);
    }
  }

  private void moveHalf(int half, int from, int to) {
    partition.move(half, from, to);
    balance.add(from, -load[half]);
    balance.add(to, load[half]);
  }

  /** The copy u gives its slot to a half of the expert v, which has one copy. */
  private boolean transfer(int u, int v, double threshold) {
    int x = first(u);
    int sibling = x ^ 1;
    int n = nodeOf(u);
    int s = partition.home(sibling);
    int m = nodeOf(v);
    if (m == n) {
      return false;
    }
    int h = n < m ? first(v) : last(v);
    double loadDelta;
    if (s == m) {
      loadDelta = balance.loadDelta(n, load[h] - load[x]) + balance.loadDelta(m, load[x] - load[h]);
    } else {
      loadDelta =
          balance.loadDelta(n, load[h] - load[x])
              + balance.loadDelta(m, -load[h])
              + balance.loadDelta(s, load[x]);
    }
    Arrays.fill(more, 0);
    more[n] += partition.receivedDelta(x, h, n);
    if (s == m) {
      more[m] += partition.receivedDelta(h, x, m);
    } else {
      more[m] -= partition.leaves(h);
      more[s] += partition.joins(x, s);
    }
    double delta = loadDelta;
    for (int change : more) {
      delta += change * perToken;
    }
    if (delta > threshold) {
      return false;
    }
    delta += balance.receiveDelta(more);
    if (delta > threshold) {
      return false;
    }
    moveHalf(x, n, s);
    moveHalf(h, m, n);
    units[unitOf[sibling]] |= BOTH;
    unitOf[x] = unitOf[sibling];
    units[v] &= ~(1 << (h & 1));
    units[u] = ((h >> 1) << 2) | (1 << (h & 1));
    unitOf[h] = u;
    energy += delta;
    return true;
  }
}
