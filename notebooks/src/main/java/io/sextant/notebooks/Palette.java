package io.sextant.notebooks;

import java.awt.Color;
import java.util.List;
import java.util.Map;

/**
 * The colours of the plots. A plan and a phase have the colours of the report in every notebook,
 * whatever they are shown beside. The background is opaque, because the theme of a notebook can be
 * dark and the text of an image cannot follow it.
 */
final class Palette {
  static final Color BACKGROUND = Color.WHITE;
  static final Color TEXT = new Color(0x1c2127);
  static final Color MUTED = new Color(0x5a636e);
  static final Color GRID = new Color(0xe2e4e7);

  /** The sequential scale of heat maps, from low to high. */
  static final Color[] SCALE = {new Color(0xeaf3f2), new Color(0x7fbab3), new Color(0x0a5f58)};

  static final Map<String, Color> NAMED =
      Map.of(
          "linear", new Color(0x8b939d),
          "current", new Color(0x7457b8),
          "greedy", new Color(0xc08a1e),
          "sextant", new Color(0x0b7a70),
          "grouped", new Color(0xb0527d),
          "prefill", new Color(0x2f6fb2),
          "decode", new Color(0xc8641b));

  static final List<Color> OTHERS =
      List.of(
          new Color(0x3f78b5),
          new Color(0xb3380f),
          new Color(0x5d7a2c),
          new Color(0x6b4fb0),
          new Color(0x9b3a6a),
          new Color(0x7a6a1c),
          new Color(0x1b8a9e),
          new Color(0x5a636e));

  private Palette() {}

  /**
   * The colour of a series.
   *
   * @param series names of all series of the plot
   * @param name name of this series
   */
  static Color of(List<String> series, String name) {
    Color named = NAMED.get(name);
    if (named != null) {
      return named;
    }
    int place = series.stream().filter(one -> !NAMED.containsKey(one)).toList().indexOf(name);
    return OTHERS.get(place % OTHERS.size());
  }
}
