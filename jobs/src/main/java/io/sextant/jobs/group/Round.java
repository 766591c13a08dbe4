package io.sextant.jobs.group;

/**
 * Where a round ended.
 *
 * @param slots shape [layers][slots]: experts placed for the groups before; null before the first
 *     round
 * @param nodesOfExpert shape [layers][experts]: the nodes of each, as bits; null before the first
 *     round
 * @param nodeOf shape [requests]: the groups that this placement makes
 * @param prices shape [nodes]: they outlast a round, what a node is worth changes little
 * @param cost remote nodes per prefill token
 */
record Round(int[][] slots, int[][] nodesOfExpert, byte[] nodeOf, double[] prices, double cost) {}
