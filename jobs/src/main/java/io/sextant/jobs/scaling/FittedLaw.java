package io.sextant.jobs.scaling;

import java.io.Serializable;

/** A family's law on a benchmark. */
record FittedLaw(String family, String benchmark, ScalingLaw law) implements Serializable {}
