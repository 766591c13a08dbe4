package io.sextant.benchmarks;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.decision.PairedBootstrap;
import io.sextant.schema.stats.Estimate;
import io.sextant.schema.trace.RequestTrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Compares forecasts of a day's shares of tokens by label with persistence, which repeats the
 * shares of the day before. Every day is forecast from earlier days alone. The error is the total
 * variation distance, half the sum over labels of |forecast share - real share|.
 *
 * <pre>
 * bench/java io.sextant.benchmarks.MixForecast TRACES
 * </pre>
 */
public final class MixForecast {
  private static final long SEED = 1;
  private static final int DAYS_PER_WEEK = 7;

  /** Shares by label of each day, in the order of days. */
  private final NavigableMap<LocalDate, Map<String, Double>> shares = new TreeMap<>();

  /** Forecasts a day from earlier ones; empty if none of them serves. */
  private interface Forecast {
    Optional<Map<String, Double>> of(LocalDate day);
  }

  private MixForecast() {}

  public static void main(String[] args) throws IOException {
    MixForecast forecast = new MixForecast();
    List<Path> packs;
    try (Stream<Path> files = Files.list(Path.of(args[0]))) {
      packs =
          files.filter(file -> file.getFileName().toString().startsWith("day")).sorted().toList();
    }
    Map<LocalDate, Map<String, Double>> tokens = new TreeMap<>();
    for (Path pack : packs) {
      for (RequestTrace request : SampleTokens.read(pack)) {
        LocalDate day =
            Instant.ofEpochMilli(request.arrivalMillis()).atZone(ZoneOffset.UTC).toLocalDate();
        tokens
            .computeIfAbsent(day, any -> new TreeMap<>())
            .merge(
                request.domain(),
                (double) request.experts()[0].length / request.topK(),
                Double::sum);
      }
    }
    tokens.forEach((day, counts) -> forecast.shares.put(day, sharesOf(counts)));
    forecast.run();
  }

  private static Map<String, Double> sharesOf(Map<String, Double> counts) {
    double total = counts.values().stream().mapToDouble(Double::doubleValue).sum();
    Map<String, Double> shares = new TreeMap<>();
    counts.forEach((label, count) -> shares.put(label, count / total));
    return shares;
  }

  private void run() {
    print("same weekday, a week before", this::weekBefore);
    print("latest day of the same kind", this::latestOfKind);
    print("mean of all days of the same kind", this::meanOfKind);
  }

  private void print(String name, Forecast forecast) {
    List<Double> persistence = new ArrayList<>();
    List<Double> errors = new ArrayList<>();
    System.out.printf("%s%n", name);
    for (LocalDate day : shares.keySet()) {
      Optional<Map<String, Double>> yesterday = Optional.ofNullable(shares.get(day.minusDays(1)));
      Optional<Map<String, Double>> other = forecast.of(day);
      if (yesterday.isPresent() && other.isPresent()) {
        persistence.add(distance(yesterday.get(), shares.get(day)));
        errors.add(distance(other.get(), shares.get(day)));
        System.out.printf(
            Locale.ROOT,
            "  %s %-9s persistence %.4f forecast %.4f%n",
            day,
            day.getDayOfWeek(),
            persistence.get(persistence.size() - 1),
            errors.get(errors.size() - 1));
      }
    }
    System.out.printf("  %s%n", verdict(array(persistence), array(errors)));
  }

  /** Whether the forecast is better than persistence with its interval above zero. */
  private static String verdict(double[] persistence, double[] errors) {
    if (errors.length < PairedBootstrap.LEAST_MICRO_BATCHES) {
      return "not available: %d days can be compared, an interval needs %d"
          .formatted(errors.length, PairedBootstrap.LEAST_MICRO_BATCHES);
    }
    Estimate gain = PairedBootstrap.over(errors.length, SEED).difference(persistence, errors);
    return String.format(
        Locale.ROOT,
        "error lower by %.4f [%.4f, %.4f] over %d days: %s",
        gain.value(),
        gain.low(),
        gain.high(),
        errors.length,
        gain.low() > 0 ? "better than persistence" : "not shown to be better than persistence");
  }

  private Optional<Map<String, Double>> weekBefore(LocalDate day) {
    return Optional.ofNullable(shares.get(day.minusDays(DAYS_PER_WEEK)));
  }

  private Optional<Map<String, Double>> latestOfKind(LocalDate day) {
    return shares.headMap(day, false).descendingMap().entrySet().stream()
        .filter(earlier -> weekend(earlier.getKey()) == weekend(day))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private Optional<Map<String, Double>> meanOfKind(LocalDate day) {
    Map<String, Double> sum = new TreeMap<>();
    shares
        .headMap(day)
        .forEach(
            (earlier, of) -> {
              if (weekend(earlier) == weekend(day)) {
                of.forEach((label, share) -> sum.merge(label, share, Double::sum));
              }
            });
    return sum.isEmpty() ? Optional.empty() : Optional.of(sharesOf(sum));
  }

  private static boolean weekend(LocalDate day) {
    return day.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) > 0;
  }

  private static double distance(Map<String, Double> a, Map<String, Double> b) {
    Set<String> labels = new TreeSet<>(a.keySet());
    labels.addAll(b.keySet());
    double sum = 0;
    for (String label : labels) {
      sum += Math.abs(a.getOrDefault(label, 0.0) - b.getOrDefault(label, 0.0));
    }
    return sum / 2;
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
