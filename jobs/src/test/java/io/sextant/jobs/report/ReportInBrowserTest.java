package io.sextant.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sextant.jobs.CommandRun;
import io.sextant.jobs.TestPacks;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * Opens the report in headless Chromium: nothing is printed on the console, axe has no finding, and
 * no chart is blank. Skipped by name if there is no Chromium, except in the CI (CI=true), which
 * makes it fail.
 */
@EnabledIf(value = "isToRun", disabledReason = "no chromium on this machine")
class ReportInBrowserTest {
  private static final int WIDTH = 1280;

  /** The width of a phone. */
  private static final int NARROW = 390;

  private static final Pattern FOUND =
      Pattern.compile(
          "<script type=\"application/json\" id=\"found\">(.*?)</script>", Pattern.DOTALL);

  /**
   * A script that writes the positions of the charts, the findings of axe and any failures into the
   * page.
   */
  private static final String PROBE =
      """
      <script>
      window.failures = [];
      window.addEventListener("error", (event) => window.failures.push(event.message));
      const consoleError = console.error;
      console.error = (...said) => { window.failures.push(said.join(" ")); consoleError(...said); };
      </script>
      """;

  private static final String REPORT =
      """
      <script>
      // Opens every table to check its link; axe then sees the page in its initial state.
      document.querySelectorAll("details").forEach((details) => { details.open = true; });
      const look = () => {
      const unexplained = [...document.querySelectorAll(".chart, .cluster, table, .tile")].filter((figure) => {
        const link = (figure.closest("figure, .tabled, .tile") || figure.parentElement).querySelector("a.how-link");
        return !link || !document.querySelector(link.getAttribute("href"));
      }).map((figure) => figure.getAttribute("aria-label") || figure.textContent.slice(0, 60));
      const tables = document.querySelectorAll("table").length;
      const cut = [...document.querySelectorAll(".slot")].filter((slot) => slot.scrollWidth > slot.clientWidth).length;
      // Texts of a chart that lie upon one another. Slanted labels are left out, because their boxes overlap and they do not.
      const smears = [...document.querySelectorAll(".chart svg")].flatMap((svg) => {
        const boxes = [...svg.querySelectorAll("text")].filter((text) => text.textContent.trim() && Math.abs(text.getCTM().b) < 0.01)
          .map((text) => ({ said: text.textContent, size: getComputedStyle(text).fontSize, box: text.getBoundingClientRect() }));
        // An entry of a legend has its mark to the left of it; labels of an axis have another size.
        const left = (one, other) => one.box.left - (one.size === "12.5px" && other.size === "12px" ? 28 : 0);
        return boxes.flatMap((one, i) => boxes.slice(i + 1).filter((other) =>
          Math.min(one.box.right, other.box.right) - Math.max(left(one, other), left(other, one)) > 2 &&
          Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top) > 4).map((other) => `${one.said} on ${other.said}`));
      });
      const clipped = [...document.querySelectorAll(".chart svg")].flatMap((svg) => {
        const all = svg.getBoundingClientRect();
        return [...svg.querySelectorAll("text")].map((text) => ({ said: text.textContent, box: text.getBoundingClientRect() }))
          .filter((one) => one.said.trim() && (one.box.left < all.left - 1 || one.box.right > all.right + 1)).map((one) => one.said);
      });
      const broken = [...document.querySelectorAll(".scale i")].flatMap((bar) => [bar.previousElementSibling, bar.nextElementSibling])
        .filter((end) => end.getBoundingClientRect().height > 30).map((end) => end.textContent);
      const wider = document.documentElement.scrollWidth - document.documentElement.clientWidth;
      const filter = document.getElementById("layer");
      const titles = () => [...document.querySelectorAll(".scope")].map((one) => one.textContent);
      const choose = (value) => { filter.value = value; filter.dispatchEvent(new Event("change")); };
      choose("2");
      const ofLayer = titles().filter((text) => text === filter.selectedOptions[0].textContent.toLowerCase()).length;
      choose("-1");
      const badge = (document.querySelector(".badge") || {}).textContent;
      document.querySelectorAll("details").forEach((details) => { details.open = false; });
      axe.run(document, { resultTypes: ["violations"] }).then((result) => {
        const charts = [...document.querySelectorAll(".chart, .cluster")].map((chart) => {
          const box = chart.getBoundingClientRect();
          return { label: chart.getAttribute("aria-label") || chart.className, top: Math.round(box.top + window.scrollY),
            left: Math.round(box.left), width: Math.round(box.width), height: Math.round(box.height) };
        });
        window.parent.postMessage(JSON.stringify({ width: window.innerWidth, failures: window.failures, cut, smears, clipped, broken, wider, ofLayer, badge, charts, unexplained, tables, firstPaint: performance.getEntriesByName("first-contentful-paint").map((one) => one.startTime), height: document.documentElement.scrollHeight,
          violations: result.violations.map((one) => ({ id: one.id, impact: one.impact, nodes: one.nodes.slice(0, 3).map((node) => node.target.join(" ")) })) }), "*");
      });
      };
      // A busy machine paints late.
      const whenPainted = (tries) => performance.getEntriesByName("first-contentful-paint").length > 0 || tries === 0
        ? setTimeout(look, 500) : setTimeout(() => whenPainted(tries - 1), 100);
      whenPainted(80);
      </script>
      """;

  /** Holds the page in a frame, because a window of Chromium is never narrower than 500 pixels. */
  private static final String FRAME =
      """
      <!doctype html><title>frame</title><iframe style="border:0;width:%dpx;height:900px" src="%s"></iframe>
      <script>
      window.addEventListener("message", (event) => {
        const holder = document.createElement("script");
        holder.type = "application/json";
        holder.id = "found";
        holder.textContent = event.data;
        document.body.append(holder);
      });
      </script>
      """;

  private static final Pattern POLICY =
      Pattern.compile("<meta http-equiv=\"Content-Security-Policy\"[^>]*>");

  @TempDir private static Path folder;
  private static String page;

  static boolean isToRun() {
    return "true".equals(System.getenv("CI")) || chromiumIsThere();
  }

  private static boolean chromiumIsThere() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(bin -> Files.isExecutable(Path.of(bin, "chromium")));
  }

  @BeforeAll
  static void makeReport() throws IOException {
    assertThat(chromiumIsThere()).as("chromium is on the PATH").isTrue();
    String warehouse = folder.resolve("warehouse").toString();
    String model = "sextant-128x8";
    CommandRun.done(
        "ingest",
        "--input",
        TestPacks.samples().resolve("day07.safetensors.zst").toString(),
        TestPacks.samples().resolve("day08.safetensors.zst").toString(),
        "--model",
        model,
        "--warehouse",
        warehouse);
    CommandRun.done("analyze", "--warehouse", warehouse, "--model", model);
    solve(warehouse, model, "first");
    solve(warehouse, model, "plan", "--current", folder.resolve("first/greedy.json").toString());
    probeAndDispatch(warehouse, model);
    Path html = folder.resolve("report.html");
    CommandRun.done("report", "--warehouse", warehouse, "--model", model, "--out", html.toString());
    page = Files.readString(html);
  }

  private static void solve(String warehouse, String model, String out, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "solve",
                "--warehouse",
                warehouse,
                "--model",
                model,
                "--cluster",
                "4x8-h200",
                "--slots",
                "160",
                "--micro-batch",
                "1024",
                "--seconds",
                "0.02",
                "--out",
                folder.resolve(out).toString()));
    arguments.addAll(List.of(more));
    CommandRun.done(arguments.toArray(String[]::new));
  }

  private static void probeAndDispatch(String warehouse, String model) throws IOException {
    CommandRun.done(
        "probe",
        "--input",
        "../numerics/src/test/resources/precision/layer_stats-lm.jsonl.gz",
        "--model",
        model,
        "--warehouse",
        warehouse);
    // The kernels of another model under this one's name, so that the page shows measured kernels.
    Path runs = folder.resolve("runs.jsonl");
    Files.write(runs, kernelRuns(model));
    CommandRun.done(
        "dispatch",
        "--runs",
        runs.toString(),
        "--warehouse",
        warehouse,
        "--out",
        folder.resolve("dispatch").toString());
  }

  private static List<String> kernelRuns(String model) throws IOException {
    Path measured = Path.of("../bench/results/2026-11-24-h200-kernel-runs.jsonl.gz");
    try (InputStream in = new GZIPInputStream(Files.newInputStream(measured))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.contains("\"llama3-8b\""))
          .map(line -> line.replace("llama3-8b", model))
          .toList();
    }
  }

  @Test
  void isCleanAccessibleAndNotBlank() throws Exception {
    Path probed = folder.resolve("probed.html");
    String axe;
    try (InputStream in = ReportInBrowserTest.class.getResourceAsStream("/axe.min.js")) {
      axe = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    // The policy would keep the page from running the probe. The screenshot below is of the page as
    // it is.
    String page = POLICY.matcher(ReportInBrowserTest.page).replaceFirst("");
    // The script of the charts also contains these tags; the first head and the last body are the
    // page's.
    int head = page.indexOf("<head>") + "<head>".length();
    int end = page.lastIndexOf("</body>");
    Files.writeString(
        probed,
        page.substring(0, head)
            + PROBE
            + page.substring(head, end)
            + "<script>"
            + axe
            + "</script>"
            + REPORT
            + page.substring(end));
    JsonNode light = found(probed, "1");
    JsonNode dark = found(probed, "0");
    assertClean(light);
    assertClean(dark);
    assertClean(found(probed, "1", NARROW));
    // The shorter of the two times, because other work on the machine can only make a run slower.
    assertThat(Math.min(firstPaint(light), firstPaint(dark))).as("milliseconds").isLessThan(1000);
    assertNoChartIsBlank(light);
  }

  @Test
  void runsNoScriptButItsOwn() throws Exception {
    int end = page.lastIndexOf("</body>");
    String injected =
        page.substring(0, end)
            + "<script>parent.postMessage('script', '*');</script>"
            + "<img src='none' onerror=\"parent.postMessage('handler', '*')\">"
            + page.substring(end);
    Files.writeString(folder.resolve("injected.html"), injected);
    Files.writeString(folder.resolve("open.html"), POLICY.matcher(injected).replaceFirst(""));
    Path frames = folder.resolve("frames.html");
    Files.writeString(
        frames,
        """
        <!doctype html><title>ran:</title><iframe src="injected.html"></iframe><iframe src="open.html"></iframe>
        <script>
        const frames = [...document.querySelectorAll("iframe")];
        window.addEventListener("message", (event) => {
          const from = frames.find((frame) => frame.contentWindow === event.source);
          document.title += ` ${event.data} in ${from.getAttribute("src")},`;
        });
        </script>
        """);
    // The same page without the policy shows that the scripts would run.
    assertThat(chromium("--dump-dom", "--window-size=1280,900", frames))
        .contains("script in open.html", "handler in open.html")
        .doesNotContain("in injected.html");
  }

  /**
   * The results that the script wrote into the page.
   *
   * @param scheme Chromium's number of the preferred colours: 0 dark, 1 light
   */
  private static JsonNode found(Path probed, String scheme) throws Exception {
    return found(probed, scheme, WIDTH);
  }

  private static JsonNode found(Path probed, String scheme, int width) throws Exception {
    Path frame = folder.resolve("frame.html");
    Files.writeString(frame, FRAME.formatted(width, probed.getFileName()));
    String dom =
        chromium(
            "--dump-dom",
            "--window-size=%d,900".formatted(width + 100),
            frame,
            "--blink-settings=preferredColorScheme=" + scheme);
    Matcher matcher = FOUND.matcher(dom);
    assertThat(matcher.find()).as("the page ran to its end").isTrue();
    JsonNode found = new ObjectMapper().readTree(matcher.group(1));
    assertThat(found.get("width").asInt()).isEqualTo(width);
    return found;
  }

  private static double firstPaint(JsonNode found) {
    return found.get("firstPaint").get(0).asDouble();
  }

  private static void assertClean(JsonNode found) {
    assertThat(page.length()).as("bytes of the page").isLessThan(3_000_000);
    assertThat(found.get("failures")).isEmpty();
    assertThat(found.get("violations")).isEmpty();
    assertThat(found.get("badge").asText()).isIn("PUBLISH", "KEEP", "NOT ENOUGH EVIDENCE");
    assertThat(found.get("cut").asInt()).as("slots of the map with cut digits").isZero();
    assertThat(found.get("smears")).as("texts that lie upon one another").isEmpty();
    assertThat(found.get("clipped")).as("texts cut at the edge of their chart").isEmpty();
    assertThat(found.get("broken")).as("ends of a colour scale that break").isEmpty();
    assertThat(found.get("wider").asInt()).as("pixels beyond the window").isNotPositive();
    assertThat(found.get("ofLayer").asInt()).as("figures of the layer chosen").isGreaterThan(8);
    assertThat(found.get("unexplained")).as("figures without a link to how").isEmpty();
    assertThat(found.get("firstPaint")).hasSize(1);
    assertThat(found.get("charts")).hasSizeGreaterThanOrEqualTo(20);
    assertThat(found.get("tables").asInt()).isGreaterThanOrEqualTo(16);
  }

  private static void assertNoChartIsBlank(JsonNode found) throws Exception {
    Path html = folder.resolve("report.html");
    Path shot = folder.resolve("shot.png");
    chromium(
        "--screenshot=" + shot,
        "--window-size=%d,%d".formatted(WIDTH, found.get("height").asInt()),
        html);
    BufferedImage image = ImageIO.read(shot.toFile());
    for (JsonNode chart : found.get("charts")) {
      int top = chart.get("top").asInt();
      int height = Math.min(chart.get("height").asInt(), image.getHeight() - top);
      int left = chart.get("left").asInt();
      int width = Math.min(chart.get("width").asInt(), image.getWidth() - left);
      long colours =
          Arrays.stream(image.getRGB(left, top, width, height, null, 0, width)).distinct().count();
      assertThat(colours).as(chart.get("label").asText()).isGreaterThan(8);
    }
  }

  private static String chromium(String action, String window, Path html, String... more)
      throws Exception {
    Path out = folder.resolve("chromium.out");
    List<String> command =
        new ArrayList<>(
            List.of(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--virtual-time-budget=15000",
                window,
                action));
    command.addAll(List.of(more));
    command.add(html.toUri().toString());
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(90, TimeUnit.SECONDS)).as("chromium ended").isTrue();
    return Files.readString(out);
  }
}
