package io.sextant.notebooks;

import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** An image in place of a plot that has nothing to show: its title and the reason. */
final class Unavailable {
  private static final int MARGIN = 24;
  private static final int LINE = 22;

  private Unavailable() {}

  static BufferedImage image(String title, String reason) {
    BufferedImage probe = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 14);
    List<String> lines =
        lines("Not available: " + reason, probe.createGraphics().getFontMetrics(font));
    int height = 2 * MARGIN + LINE * (1 + lines.size());
    BufferedImage image = new BufferedImage(Plots.WIDTH, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setColor(Palette.BACKGROUND);
    graphics.fillRect(0, 0, image.getWidth(), height);
    graphics.setColor(Palette.TEXT);
    graphics.setFont(font.deriveFont(Font.BOLD));
    graphics.drawString(title, MARGIN, MARGIN + LINE / 2);
    graphics.setColor(Palette.MUTED);
    graphics.setFont(font);
    for (int i = 0; i < lines.size(); i++) {
      graphics.drawString(lines.get(i), MARGIN, MARGIN + LINE / 2 + LINE * (i + 1));
    }
    graphics.dispose();
    return image;
  }

  private static List<String> lines(String text, FontMetrics metrics) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (metrics.stringWidth(line + " " + word) > Plots.WIDTH - 2 * MARGIN && !line.isEmpty()) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
