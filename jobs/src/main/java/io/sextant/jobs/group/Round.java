package io.sextant.jobs.group;

/**
 * The state at the end of a round.
 *
 * @param slots shape [layers][slots]: experts placed for the groups before; null before the first
 *     round
 * @param nodesOfExpert shape [layers][experts]: the nodes of each expert, as bits; null before the
 *     first round
 * @param nodeOf shape [requests]: the groups that result from this placement
 * @param prices shape [nodes]: the price of each node, kept for the next round because prices
 *     change little
 * @param cost remote nodes, or sends, per prompt token
 */
record Round(int[][] slots, int[][] nodesOfExpert, byte[] nodeOf, double[] prices, double cost) {}
