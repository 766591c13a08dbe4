package io.sextant.schema.spec;

import io.sextant.schema.spec.Packaging.Products;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The packagings of {@code conf/packaging}. */
public final class Packagings {
  /** Weights as they are trained. */
  public static final String BF16 = "bf16";

  private static final ConfFolder FOLDER = new ConfFolder("packaging", "packaging", BF16);
  private static final int MOST_BITS = 64;
  private static final String SCALE_BITS = "scale_bits";

  private Packagings() {}

  /**
   * Loads a packaging.
   *
   * @param nameOrPath a name or path as for {@link ModelSpecs#load}, with the folder {@code
   *     packaging}
   * @throws io.sextant.schema.InvalidInputException naming the file and field, if there is no such
   *     packaging or a field is missing, unknown or invalid
   */
  public static Packaging load(String nameOrPath) {
    YamlFields fields = FOLDER.open(nameOrPath);
    boolean scaled = fields.has(SCALE_BITS);
    Packaging packaging =
        new Packaging(
            fields.name("name"),
            fields.integer("weight_bits", 1, MOST_BITS),
            scaled ? fields.integer(SCALE_BITS, 1, MOST_BITS) : 0,
            scaled ? fields.integer("weights_per_scale", 1, Integer.MAX_VALUE) : 1,
            products(fields));
    fields.allowNoOther();
    return packaging;
  }

  /**
   * The file that {@link #load} reads.
   *
   * @throws io.sextant.schema.InvalidInputException if there is no such packaging
   */
  public static DescriptionFile file(String nameOrPath) {
    return FOLDER.file(nameOrPath);
  }

  /** The names that {@link #load} knows, sorted. */
  public static List<String> names() {
    return FOLDER.names();
  }

  private static Products products(YamlFields fields) {
    Set<String> known =
        Arrays.stream(Products.values()).map(Products::id).collect(Collectors.toSet());
    String id = fields.oneOf("products", known);
    return Arrays.stream(Products.values())
        .filter(products -> products.id().equals(id))
        .findFirst()
        .orElseThrow();
  }
}
