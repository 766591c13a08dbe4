package io.sextant.schema.spec;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoublePredicate;

/**
 * Reads lists and tables of numbers from a YAML mapping. Each fault names the file, the field and
 * the index.
 *
 * @param fields the mapping
 */
record YamlNumbers(YamlFields fields) {

  /**
   * The numbers that a list must hold.
   *
   * @param each the thing that each number belongs to
   * @param large test of whether a number is large enough
   * @param range the same test in words
   * @param most the largest number allowed
   */
  private record Kind(String each, DoublePredicate large, String range, double most) {
    static Kind aboveZero(String each, double most) {
      return new Kind(each, value -> value > 0, "above 0", most);
    }

    static Kind fromZero(String each, double most) {
      return new Kind(each, value -> value >= 0, "from 0", most);
    }
  }

  /** A table of [rows] rows, each with [columns] numbers above 0. */
  double[][] table(String field, int rows, int columns, double most) {
    JsonNode node = fields.node(field);
    if (!node.isArray() || node.size() != rows) {
      throw fields.wrong(
          field,
          YamlFields.shown(node) + " is not a list of %d rows".formatted(rows),
          "Write a row '[1.5, 2.5, ...]' for each");
    }
    double[][] table = new double[rows][];
    for (int i = 0; i < rows; i++) {
      table[i] =
          numbers(field + "[" + i + "]", node.get(i), columns, Kind.aboveZero("columns", most))
              .stream()
              .mapToDouble(Double::doubleValue)
              .toArray();
    }
    return table;
  }

  /**
   * An optional square matrix: rows of [size] finite numbers from 0 to a maximum, 0 on the
   * diagonal.
   */
  Optional<List<List<Double>>> optionalCosts(String field, int size, double most) {
    if (!fields.has(field)) {
      return Optional.empty();
    }
    JsonNode node = fields.node(field);
    if (!node.isArray() || node.size() != size) {
      throw fields.wrong(
          field,
          YamlFields.shown(node) + " is not a list of %d rows".formatted(size),
          "Write a row '[0, 1, ...]' for each of the nodes");
    }
    List<List<Double>> rows = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      rows.add(costs(field + "[" + i + "]", node.get(i), i, size, most));
    }
    return Optional.of(List.copyOf(rows));
  }

  /** An optional list: [size] numbers above 0, up to a maximum. */
  Optional<List<Double>> optionalSpeeds(String field, int size, double most) {
    return fields.has(field)
        ? Optional.of(numbers(field, fields.node(field), size, Kind.aboveZero("GPUs", most)))
        : Optional.empty();
  }

  private List<Double> costs(String row, JsonNode node, int self, int size, double most) {
    List<Double> values = numbers(row, node, size, Kind.fromZero("nodes", most));
    if (values.get(self) != 0) {
      throw fields.wrong(
          row + "[" + self + "]",
          YamlFields.shown(node.get(self)) + " is a price for staying on a node",
          "Put 0 on the diagonal");
    }
    return values;
  }

  private List<Double> numbers(String field, JsonNode node, int size, Kind kind) {
    if (!node.isArray() || node.size() != size) {
      throw fields.wrong(
          field,
          YamlFields.shown(node) + " is not a list of %d numbers".formatted(size),
          "Give one number for each of the " + kind.each());
    }
    List<Double> values = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      double value = node.get(i).isNumber() ? node.get(i).doubleValue() : Double.NaN;
      if (!kind.large().test(value) || value > kind.most()) {
        throw fields.wrong(
            field + "[" + i + "]",
            YamlFields.shown(node.get(i)) + " is not a number " + kind.range(),
            "Give a number up to %.0f".formatted(kind.most()));
      }
      values.add(value);
    }
    return List.copyOf(values);
  }
}
