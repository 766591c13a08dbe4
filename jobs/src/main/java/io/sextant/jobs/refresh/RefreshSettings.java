package io.sextant.jobs.refresh;

import io.sextant.jobs.plan.Backtest;
import io.sextant.schema.spec.ClusterSpec;
import io.sextant.schema.spec.ModelSpec;
import java.time.LocalDate;
import java.util.List;

/**
 * What a night is to do.
 *
 * @param warehouse folder of the tables and the published versions
 * @param inputs files and folders to ingest what is new of
 * @param windowDays calendar days to plan on
 * @param asOf days before it are complete
 * @param maxMovedBytes the budget as the user writes it
 * @param keep how many versions stay
 * @param engines to write maps for
 * @param firstMap whether to plan as if no map were in force
 * @param backtest plans, scores and decides
 */
record RefreshSettings(
    String warehouse,
    ModelSpec model,
    ClusterSpec cluster,
    int slots,
    long seed,
    List<String> inputs,
    int windowDays,
    LocalDate asOf,
    String maxMovedBytes,
    int keep,
    List<String> engines,
    boolean firstMap,
    Backtest backtest) {}
