package io.sextant.numerics.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Verdicts on figures measured on an H200. */
class ConvolutionVerdictTest {
  private static final Path PRINTED = Path.of("../bench/results/2026-11-26-h200-convolutions.txt");
  private static final Pattern LINE =
      Pattern.compile(
          "(conv\\S+) +(gemm|direct|f[24](?: sparse)?) +(\\d+x\\d+)? +([\\d.]+)% +([\\d.]+)"
              + " +[\\d.]+x +(\\S+) +(\\S+)");

  private static Map<String, List<ConvolutionFigure>> figures(int batch) throws IOException {
    Map<String, List<ConvolutionFigure>> byLayer = new TreeMap<>();
    boolean mine = false;
    for (String line : Files.readAllLines(PRINTED)) {
      if (line.contains("--batch ")) {
        mine = line.contains("--batch " + batch + " ");
      }
      Matcher matcher = LINE.matcher(line);
      if (mine && matcher.matches()) {
        double micros = Double.parseDouble(matcher.group(5));
        byLayer
            .computeIfAbsent(matcher.group(1), layer -> new ArrayList<>())
            .add(
                new ConvolutionFigure(
                    matcher.group(1),
                    matcher.group(2),
                    matcher.group(3),
                    Double.parseDouble(matcher.group(4)) / 100,
                    new Timing(micros, micros, micros, 11),
                    number(matcher.group(6)),
                    number(matcher.group(7))));
      }
    }
    return byLayer;
  }

  private static double number(String text) {
    return text.equals("-") ? Double.NaN : Double.parseDouble(text);
  }

  private static List<String> verdicts(int batch) throws IOException {
    return figures(batch).values().stream()
        .map(figures -> ConvolutionVerdict.of(figures, 0.05, 1.05).text())
        .toList();
  }

  @Test
  void smallBatchesOfWideLayersTakeDenseWinograd() throws IOException {
    assertThat(verdicts(64))
        .containsExactly(
            "conv128_1.conv2: use f2 16x128, 1.20x direct; sparse is faster than direct from 90 %"
                + " on, where its error is 0.553",
            "conv256_1.conv1: use f2 16x128, 1.30x direct; sparse is faster than direct from 90 %"
                + " on, where its error is 0.538",
            "conv32_2.conv1: use direct: nothing that is accurate enough is faster; sparse is"
                + " faster than direct at no sparsity measured",
            "conv64_1.conv1: use direct: nothing that is accurate enough is faster; sparse is"
                + " faster than direct from 99 % on, where its error is 0.825");
  }

  @Test
  void largeBatchesTakeDirectConvolution() throws IOException {
    assertThat(verdicts(1024))
        .hasSize(4)
        .allMatch(text -> text.contains("use direct: nothing that is accurate enough is faster"));
  }
}
