package io.sextant.jobs.price;

import io.sextant.jobs.layers.SweepOrder;
import io.sextant.jobs.throughput.RestTime;
import java.util.Optional;

/**
 * The numbers of slots to price on a cluster under a profile.
 *
 * @param rest the time of a layer beside its experts; empty if it is not known
 */
record PriceOrder(SweepOrder sweep, Optional<RestTime> rest) {}
