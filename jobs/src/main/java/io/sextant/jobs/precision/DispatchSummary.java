package io.sextant.jobs.precision;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.numerics.dispatch.Choice;
import io.sextant.numerics.dispatch.KernelFigures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Speedups over BF16 of all products of a model, each counted once: with the best single kernel for
 * all products, and with the chosen mix.
 */
final class DispatchSummary {
  private static final String LINE = "%-20s %7s %9s %-32s %9s %9s %9s%n";

  private final String device;
  private final List<Gain> gains = new ArrayList<>();

  /**
   * @param device name of the GPU that was measured
   */
  DispatchSummary(String device) {
    this.device = device;
  }

  /**
   * The speedup over BF16 of all products of a model at one number of tokens.
   *
   * @param single the best single kernel for all products
   * @param global the choice under one error budget; null without a budget
   */
  private record Gain(
      String model,
      int tokens,
      double bf16Micros,
      String single,
      double singleSpeedup,
      double mixSpeedup,
      Double global) {}

  /** For each kernel, its speedups in the order of {@link #gains}. */
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
          gains.add(
              new Gain(
                  model,
                  tokens,
                  bf16,
                  single.getKey(),
                  bf16 / single.getValue(),
                  bf16 / micros(mix),
                  together.isEmpty() ? null : bf16 / micros(together.get(tokens))));
        });
  }

  /** Choices whose measurements have samples, and those of them that are coin flips. */
  private int judged;

  private final List<String> coinFlips = new ArrayList<>();
  private final Map<String, Integer> ofPackage = new TreeMap<>();

  void addCertainty(Map<Integer, List<Choice>> alone, Map<Choice, Certainty> certainty) {
    alone.forEach(
        (tokens, choices) ->
            choices.forEach(
                choice -> {
                  Certainty of = certainty.get(choice);
                  judged += of.share().isPresent() ? 1 : 0;
                  if (of.coinFlip()) {
                    coinFlips.add(
                        String.format(
                            Locale.ROOT,
                            "%s %s at %d tokens (%s, %.0f %%)",
                            choice.kernel().model(),
                            choice.kernel().site(),
                            tokens,
                            choice.kernel().title(),
                            100 * of.share().getAsDouble()));
                  }
                  if (choice.kernel().packaged()) {
                    ofPackage.merge(choice.kernel().title(), 1, Integer::sum);
                  }
                }));
  }

  private void appendCertainty(StringBuilder text) {
    ofPackage.forEach(
        (title, count) -> text.append("%s is the choice %d times%n".formatted(title, count)));
    if (judged > 0) {
      text.append(
          "coin flips, which over 10 %% of bootstrap samples choose differently: %d of %d choices%n"
              .formatted(coinFlips.size(), judged));
      coinFlips.forEach(line -> text.append("  ").append(line).append('\n'));
    }
  }

  /** Total time of each kernel that ran for every product. */
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
    StringBuilder text =
        new StringBuilder(
            LINE.formatted(
                "model", "tokens", "BF16 us", "best single kernel", "speedup", "mix", "global"));
    for (Gain gain : gains) {
      text.append(
          String.format(
              Locale.ROOT,
              LINE,
              gain.model(),
              gain.tokens(),
              number(gain.bf16Micros(), 1),
              gain.single(),
              number(gain.singleSpeedup(), 3),
              number(gain.mixSpeedup(), 3),
              gain.global() == null ? "" : number(gain.global(), 3)));
    }
    text.append("measured on ").append(device).append(System.lineSeparator());
    text.append(
        String.format(
            Locale.ROOT,
            "geometric mean over the lines: best single kernel of each line %.3fx of BF16, mix"
                + " %.3fx, ratio %.3f%n",
            singles(),
            mixes(),
            mixes() / singles()));
    everywhere()
        .ifPresent(
            kernel ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        "one kernel for all lines, %s: %.3fx; mix over it: %.3f%n",
                        kernel.getKey(),
                        geometricMean(kernel.getValue()),
                        mixes() / geometricMean(kernel.getValue()))));
    appendCertainty(text);
    return text.toString();
  }

  /**
   * The result as JSON.
   *
   * @param out folder to which the choices were written
   */
  ObjectNode json(Path out) {
    ObjectNode root =
        JsonNodeFactory.instance.objectNode().put("folder", out.toString()).put("device", device);
    ArrayNode lines = root.putArray("gains");
    for (Gain gain : gains) {
      lines
          .addObject()
          .put("model", gain.model())
          .put("tokens", gain.tokens())
          .put("bf16_micros", gain.bf16Micros())
          .put("best_single_kernel", gain.single())
          .put("best_single_speedup", gain.singleSpeedup())
          .put("mix_speedup", gain.mixSpeedup())
          .put("global_speedup", gain.global());
    }
    root.put("geometric_mean_best_single", singles()).put("geometric_mean_mix", mixes());
    everywhere()
        .ifPresent(
            kernel ->
                root.putObject("one_kernel_for_all")
                    .put("kernel", kernel.getKey())
                    .put("geometric_mean", geometricMean(kernel.getValue())));
    return root;
  }

  private double singles() {
    return geometricMean(gains.stream().map(Gain::singleSpeedup).toList());
  }

  private double mixes() {
    return geometricMean(gains.stream().map(Gain::mixSpeedup).toList());
  }

  /** The fastest kernel that ran for every product of every line, with its speedups. */
  private Optional<Map.Entry<String, List<Double>>> everywhere() {
    return ofKernel.entrySet().stream()
        .filter(entry -> entry.getValue().size() == gains.size())
        .max(Comparator.comparingDouble(entry -> geometricMean(entry.getValue())));
  }

  private static double geometricMean(List<Double> values) {
    return Math.exp(values.stream().mapToDouble(Math::log).average().orElseThrow());
  }
}
