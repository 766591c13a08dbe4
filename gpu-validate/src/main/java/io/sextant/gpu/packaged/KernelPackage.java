package io.sextant.gpu.packaged;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.sextant.numerics.gemm.Recipe;
import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The description of a kernel package ({@code package.yaml}); docs/kernel-packages.md explains the
 * fields.
 *
 * @param name the package's name
 * @param version the package's version
 * @param origin where the kernels come from
 * @param licence the kernels' licence
 * @param product {@code gemm} or {@code grouped-gemm}
 * @param recipe the recipe's {@link Recipe#id}
 * @param architecture the GPU that the binaries are for, such as {@code sm_90a}
 * @param layouts the dimensions of each operand, the slowest first
 * @param variants kernels that compute the same product; the fastest for a shape is used
 */
public record KernelPackage(
    String name,
    String version,
    String origin,
    String licence,
    String product,
    String recipe,
    String architecture,
    Map<String, String> layouts,
    List<Variant> variants) {
  /** The file of the description in the package's folder. */
  public static final String FILE = "package.yaml";

  /** {@link #product} of one product of all tokens. */
  public static final String GEMM = "gemm";

  /** {@link #product} of the products of several experts. */
  public static final String GROUPED = "grouped-gemm";

  private static final ObjectMapper YAML =
      YAMLMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .build();

  /**
   * One compiled kernel.
   *
   * @param binary file of the cubin, PTX or fatbin in the package's folder
   * @param entry name of the kernel in the binary
   * @param threads number of threads per block
   * @param sharedBytes dynamic shared memory per block, in bytes
   * @param multiples what m, n and k must be multiples of
   * @param limits maximum of m, n or k; no limit for the others
   * @param grid formulas for the number of blocks in x and y
   * @param workspaceBytes formula for the size of the workspace, which is zero before the first
   *     launch
   * @param arguments the kernel's arguments in order
   */
  public record Variant(
      String name,
      String binary,
      String entry,
      int threads,
      int sharedBytes,
      Map<String, Integer> multiples,
      Map<String, Integer> limits,
      List<String> grid,
      String workspaceBytes,
      List<String> arguments) {

    /** The reason why this variant does not fit a product; null if it does. */
    public String objection(int m, int n, int k) {
      Map<String, Integer> sizes = Map.of("m", m, "n", n, "k", k);
      for (Map.Entry<String, Integer> size : sizes.entrySet()) {
        int multiple = multiple(size.getKey());
        if (size.getValue() % multiple != 0) {
          return "%s = %d is not a multiple of %d"
              .formatted(size.getKey(), size.getValue(), multiple);
        }
        int most =
            limits == null
                ? Integer.MAX_VALUE
                : limits.getOrDefault(size.getKey(), Integer.MAX_VALUE);
        if (size.getValue() > most) {
          return "%s = %d is over %d".formatted(size.getKey(), size.getValue(), most);
        }
      }
      return null;
    }

    /** What a size must be a multiple of. */
    int multiple(String size) {
      return multiples == null ? 1 : multiples.getOrDefault(size, 1);
    }

    /** The largest m of this variant. */
    int mostTokens() {
      return limits == null ? Integer.MAX_VALUE : limits.getOrDefault("m", Integer.MAX_VALUE);
    }
  }

  /**
   * Reads a package's description.
   *
   * @throws InvalidInputException naming the file and the field
   */
  public static KernelPackage read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      throw InvalidInputException.of(
          folder.toString(), "there is no " + FILE, "Name a folder of kernel packages");
    }
    KernelPackage found;
    try {
      found = YAML.readValue(file.toFile(), KernelPackage.class);
    } catch (JsonProcessingException e) {
      throw wrong(file, e.getOriginalMessage(), e);
    }
    found.check(file);
    return found;
  }

  /** The folders of packages in a folder, by name; the folder itself if it is a package. */
  public static List<Path> folders(Path folder) throws IOException {
    if (Files.exists(folder.resolve(FILE))) {
      return List.of(folder);
    }
    if (!Files.isDirectory(folder)) {
      throw InvalidInputException.of(
          folder.toString(), "there is no such folder", "Name a folder of kernel packages");
    }
    try (Stream<Path> inside = Files.list(folder)) {
      List<Path> found = inside.filter(path -> Files.exists(path.resolve(FILE))).sorted().toList();
      if (found.isEmpty()) {
        throw InvalidInputException.of(
            folder.toString(),
            "no folder in it has a " + FILE,
            "Make packages as docs/kernel-packages.md says");
      }
      return found;
    }
  }

  private void check(Path file) {
    for (Object field : new Object[] {name, version, origin, licence, architecture, layouts}) {
      if (field == null) {
        throw wrong(
            file, "name, version, origin, licence, architecture or layouts is missing", null);
      }
    }
    if (!GEMM.equals(product) && !GROUPED.equals(product)) {
      throw wrong(file, "product %s is neither gemm nor grouped-gemm".formatted(product), null);
    }
    Recipe known = Recipe.of(recipe);
    if (known == null || known.sparse24()) {
      throw wrong(file, "recipe %s is not one of a dense product".formatted(recipe), null);
    }
    if (!architecture.matches("sm_[0-9]{2,3}[af]?")) {
      throw wrong(file, "architecture %s is not like sm_90a".formatted(architecture), null);
    }
    if (variants == null || variants.isEmpty()) {
      throw wrong(file, "there is no variant", null);
    }
    for (Variant variant : variants) {
      if (variant.name() == null
          || variant.binary() == null
          || variant.entry() == null
          || variant.grid() == null
          || variant.grid().isEmpty()
          || variant.grid().size() > 2
          || variant.workspaceBytes() == null
          || variant.arguments() == null
          || variant.threads() < 1
          || variant.threads() > 1024
          || variant.sharedBytes() < 0) {
        throw wrong(
            file,
            "variant %s lacks a field, or a number of it is out of range".formatted(variant.name()),
            null);
      }
    }
  }

  private static InvalidInputException wrong(Path file, String problem, Exception cause) {
    return InvalidInputException.of(
        file.toString(), problem, "Correct it as docs/kernel-packages.md says", cause);
  }

  /** The name in tables and messages: {@code package triton-row 1}. */
  public String library() {
    return "package " + name + " " + version;
  }

  /** Whether it computes the products of several experts. */
  public boolean grouped() {
    return GROUPED.equals(product);
  }

  /** The reason why a GPU cannot run its binaries; null if it can. */
  String objection(int computeMajor, int computeMinor) {
    int wanted = Integer.parseInt(architecture.replaceAll("[^0-9]", ""));
    int here = 10 * computeMajor + computeMinor;
    return wanted > here
        ? "it is for %s, and this GPU has compute capability %d.%d"
            .formatted(architecture, computeMajor, computeMinor)
        : null;
  }
}
