package io.sextant.numerics.dispatch;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sextant.numerics.gemm.Recipe;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.TextLines;
import io.sextant.schema.file.TraceFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One kernel's time and error for one product, as a line of JSON that is written on a GPU host and
 * read by {@code dispatch}.
 *
 * @param model name of the model
 * @param site product of the model
 * @param recipe the recipe's {@link Recipe#id}
 * @param library library of the kernel, for example {@code cublaslt 13.1.0}; {@code sextant} for
 *     our own kernel
 * @param device name of the GPU
 * @param matmulUs microseconds of the product alone; this and the following are null if the kernel
 *     did not run
 * @param endToEndUs microseconds including the conversion of the activations, and the squared ReLU
 *     if one precedes the product
 * @param endToEndLowUs first quartile, the lower end of the noise band
 * @param endToEndHighUs third quartile, the upper end of the noise band
 * @param refusal reason why it did not run; null if it ran
 * @param endToEndSamplesUs all samples of the end-to-end time; null in files of older versions
 * @param workspaceBytes memory beside operands and outputs that a package needs; null if none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record KernelFigures(
    String model,
    String site,
    int out,
    int k,
    int tokens,
    String recipe,
    String library,
    String device,
    int algorithm,
    int algorithmsTried,
    int algorithmsWrong,
    Double matmulUs,
    Double endToEndUs,
    Double endToEndLowUs,
    Double endToEndHighUs,
    Double relativeFrobenius,
    Double sqnrDb,
    Double calcDiff,
    Double mere,
    Double mereFloor,
    Long mereCount,
    String refusal,
    List<Double> endToEndSamplesUs,
    Long workspaceBytes) {
  /** The {@link #library} of our own kernels. */
  public static final String OWN = "sextant";

  /** The start of the {@link #library} of a kernel package. */
  private static final String PACKAGE = "package ";

  private static final List<Recipe> RECIPES = List.of(Recipe.values());

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /** The figures as a line of JSON. */
  public String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads a file of such lines.
   *
   * @throws InvalidInputException naming the line that is not such JSON
   */
  public static List<KernelFigures> read(TraceFile file) throws IOException {
    List<KernelFigures> all = new ArrayList<>();
    TextLines.forEach(file, (line, where) -> all.add(parse(line, where)));
    if (all.isEmpty()) {
      throw wrong(file.path(), "there is no line in it", null);
    }
    return all;
  }

  /**
   * Reads one line.
   *
   * @param where the line's place in messages
   * @throws InvalidInputException if it is not such JSON
   */
  public static KernelFigures parse(String line, String where) {
    KernelFigures figures;
    try {
      figures = JSON.readValue(line, KernelFigures.class);
    } catch (JsonProcessingException e) {
      throw wrong(where, e.getOriginalMessage(), e);
    }
    if (figures.model == null || figures.site == null || figures.library == null) {
      throw wrong(where, "model, site or library is missing", null);
    }
    if (Recipe.of(figures.recipe) == null) {
      throw wrong(where, "recipe %s is unknown".formatted(figures.recipe), null);
    }
    boolean measured =
        figures.endToEndUs != null
            && figures.endToEndLowUs != null
            && figures.endToEndHighUs != null
            && figures.relativeFrobenius != null;
    if (measured == (figures.refusal != null)) {
      throw wrong(where, "it needs either times and an error, or a refusal", null);
    }
    return figures;
  }

  private static InvalidInputException wrong(String where, String problem, Exception cause) {
    return InvalidInputException.of(
        where, problem, "Write it again with gpu-validate kernels", cause);
  }

  /** Whether all samples of the end-to-end time are known. */
  boolean hasSamples() {
    return endToEndSamplesUs != null && !endToEndSamplesUs.isEmpty();
  }

  /** The same kernel with another end-to-end time. */
  KernelFigures withEndToEnd(Timing timing) {
    return new KernelFigures(
        model,
        site,
        out,
        k,
        tokens,
        recipe,
        library,
        device,
        algorithm,
        algorithmsTried,
        algorithmsWrong,
        matmulUs,
        timing.median(),
        timing.low(),
        timing.high(),
        relativeFrobenius,
        sqnrDb,
        calcDiff,
        mere,
        mereFloor,
        mereCount,
        refusal,
        timing.values(),
        workspaceBytes);
  }

  /** Whether the kernel ran and gave correct results. */
  public boolean ran() {
    return refusal == null;
  }

  /** Whether the recipe does more to the operands than BF16 does. */
  public boolean approximate() {
    return Recipe.of(recipe).approximate();
  }

  /** The name in messages: {@code e4m3-row, cublaslt 13.1.0}. */
  public String title() {
    return recipe + ", " + library;
  }

  /** Whether it is a kernel of a library, not our own and not one of a package. */
  public boolean ofLibrary() {
    return ofLibrary(library);
  }

  /** Whether a {@link #library} is neither our own nor a package. */
  public static boolean ofLibrary(String library) {
    return !library.equals(OWN) && !library.startsWith(PACKAGE);
  }

  /** Whether it is a kernel of a package. */
  public boolean packaged() {
    return library.startsWith(PACKAGE);
  }

  /**
   * Order of complexity: simpler recipes first, then the library's kernel before our own, and our
   * own before a package's.
   */
  public int complexity() {
    return 3 * RECIPES.indexOf(Recipe.of(recipe)) + (ofLibrary() ? 0 : packaged() ? 2 : 1);
  }
}
