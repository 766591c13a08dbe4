package io.sextant.jobs.window;

import io.sextant.jobs.mix.Traffic;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The weights of the days of a window in planning.
 *
 * <p>Traffic has a weekly rhythm, so weekend days have less weight in a plan for a working day, and
 * the reverse: a quarter of the requests of days of the other kind is kept, which is enough for a
 * plan that also works on such days.
 *
 * @param plannedFor the day for which the plan is made; null for the day after the window
 * @param alike whether all days have the same weight
 */
public record DayRule(LocalDate plannedFor, boolean alike) {
  private static final double OTHER_KIND = 0.25;

  /**
   * @param days the days of a window that have traces, yyyy-MM-dd, ascending; at least one
   */
  public DayWeights weigh(List<String> days) {
    LocalDate last = LocalDate.parse(days.get(days.size() - 1));
    LocalDate planned = plannedFor == null ? last.plusDays(1) : plannedFor;
    boolean both = days.stream().map(day -> weekend(LocalDate.parse(day))).distinct().count() > 1;
    Map<String, Double> weights = new TreeMap<>();
    for (String day : days) {
      boolean other = weekend(LocalDate.parse(day)) != weekend(planned);
      // If all days are of the other kind, they all have the same weight.
      weights.put(day, both && other && !alike ? OTHER_KIND : 1);
    }
    return new DayWeights(alike, planned, weekend(planned), weights, Traffic.RECORDED);
  }

  private static boolean weekend(LocalDate day) {
    return day.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) > 0;
  }
}
