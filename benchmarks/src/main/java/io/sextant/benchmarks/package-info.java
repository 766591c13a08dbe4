/**
 * Measurements of speed and of plans. Classes with {@code @Benchmark} methods are rates, which JMH
 * measures; classes with a main method are experiments, which print a table. The build compiles
 * both and runs neither: {@code bench/run} and {@code bench/solver} do.
 */
package io.sextant.benchmarks;
