package io.sextant.jobs.analyze.count;

import org.apache.spark.Partitioner;

/**
 * Keeps all layers of a day in one partition, so that one task writes the day's file. Counts over
 * the whole window are partitioned by layer.
 */
public final class DayPartitioner extends Partitioner {
  private static final long serialVersionUID = 1L;

  private final int partitions;

  public DayPartitioner(int partitions) {
    this.partitions = partitions;
  }

  @Override
  public int numPartitions() {
    return partitions;
  }

  @Override
  public int getPartition(Object key) {
    CountKey count = (CountKey) key;
    boolean window = count.day().equals(CountKey.WINDOW);
    return Math.floorMod(window ? count.layer() : count.day().hashCode(), partitions);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DayPartitioner that && that.partitions == partitions;
  }

  @Override
  public int hashCode() {
    return partitions;
  }
}
