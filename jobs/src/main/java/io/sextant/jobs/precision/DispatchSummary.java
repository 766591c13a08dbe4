package io.sextant.jobs.precision;

import io.sextant.gpu.dispatch.Choice;
import io.sextant.gpu.gemm.KernelFigures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Speedups over BF16 of all products of a model, one of each: the best single kernel for all of
 * them, and the mix that was chosen.
 */
final class DispatchSummary {
  private static final String LINE = "%-20s %7s %9s %-32s %9s %9s %9s%n";

  private final StringBuilder text =
      new StringBuilder(
          LINE.formatted(
              "model", "tokens", "BF16 us", "best single kernel", "speedup", "mix", "global"));
  private final List<double[]> speedups = new ArrayList<>();

  /** Of each kernel, its speedups in the order of {@link #speedups}. */
  private final Map<String, List<Double>> ofKernel = new LinkedHashMap<>();

  void add(
      String model,
      Map<Integer, List<List<KernelFigures>>> byTokens,
      Map<Integer, List<Choice>> alone,
      Map<Integer, List<Choice>> together) {
    byTokens.forEach(
        (tokens, products) -> {
          List<Choice> mix = alone.get(tokens);
          double bf16 = mix.stream().mapToDouble(choice -> choice.bf16().endToEndUs()).sum();
          Map<String, Double> everywhere = everywhere(products);
          everywhere.forEach(
              (title, micros) ->
                  ofKernel.computeIfAbsent(title, t -> new ArrayList<>()).add(bf16 / micros));
          Map.Entry<String, Double> single =
              everywhere.entrySet().stream().min(Map.Entry.comparingByValue()).orElseThrow();
          double mixed = bf16 / micros(mix);
          speedups.add(new double[] {bf16 / single.getValue(), mixed});
          text.append(
              String.format(
                  Locale.ROOT,
                  LINE,
                  model,
                  tokens,
                  number(bf16, 1),
                  single.getKey(),
                  number(bf16 / single.getValue(), 3),
                  number(mixed, 3),
                  together.isEmpty() ? "" : number(bf16 / micros(together.get(tokens)), 3)));
        });
  }

  /** Time in all of each kernel that ran for every product. */
  private static Map<String, Double> everywhere(List<List<KernelFigures>> products) {
    Map<String, Double> micros = new LinkedHashMap<>();
    Map<String, Integer> ran = new LinkedHashMap<>();
    for (List<KernelFigures> kernels : products) {
      for (KernelFigures kernel : kernels) {
        if (kernel.ran()) {
          micros.merge(kernel.title(), kernel.endToEndUs(), Double::sum);
          ran.merge(kernel.title(), 1, Integer::sum);
        }
      }
    }
    micros.keySet().removeIf(title -> ran.get(title) < products.size());
    return micros;
  }

  private static double micros(List<Choice> choices) {
    return choices.stream().mapToDouble(choice -> choice.kernel().endToEndUs()).sum();
  }

  private static String number(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  String text() {
    double single = geometricMean(speedups.stream().map(pair -> pair[0]).toList());
    double mix = geometricMean(speedups.stream().map(pair -> pair[1]).toList());
    text.append(
        String.format(
            Locale.ROOT,
            "geometric mean over the lines: best single kernel of each line %.3fx of BF16, mix"
                + " %.3fx, ratio %.3f%n",
            single,
            mix,
            mix / single));
    ofKernel.entrySet().stream()
        .filter(entry -> entry.getValue().size() == speedups.size())
        .max(Comparator.comparingDouble(entry -> geometricMean(entry.getValue())))
        .ifPresent(
            entry ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        "one kernel for all lines, %s: %.3fx; mix over it: %.3f%n",
                        entry.getKey(),
                        geometricMean(entry.getValue()),
                        mix / geometricMean(entry.getValue()))));
    return text.toString();
  }

  private static double geometricMean(List<Double> values) {
    return Math.exp(values.stream().mapToDouble(Math::log).average().orElseThrow());
  }
}
