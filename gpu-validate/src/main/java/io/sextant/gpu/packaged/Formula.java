package io.sextant.gpu.packaged;

import java.util.function.IntUnaryOperator;

/**
 * A whole number computed from the sizes of a product, such as {@code ceil(m, 128) * (n / 128)}.
 *
 * <p>It has whole numbers, the names {@code m}, {@code n}, {@code k} and {@code experts}, the
 * operators {@code + - * /}, parentheses, {@code ceil(a, b)} for the quotient rounded up, and
 * {@code tiles(a)} for the sum of {@code ceil(tokens, a)} over the experts.
 */
final class Formula {
  private final String text;
  private int at;
  private final Sizes sizes;

  /**
   * The sizes of a product.
   *
   * @param m number of tokens
   * @param n number of outputs
   * @param k number of features
   * @param experts number of experts; 1 for a dense product
   * @param tiles number of tiles of all experts for a tile of the given number of tokens
   */
  record Sizes(int m, int n, int k, int experts, IntUnaryOperator tiles) {}

  private Formula(String text, Sizes sizes) {
    this.text = text.replaceAll("\\s", "");
    this.sizes = sizes;
  }

  /**
   * The value for these sizes.
   *
   * @throws IllegalArgumentException if the text is not such a formula
   */
  static long value(String text, Sizes sizes) {
    Formula formula = new Formula(text, sizes);
    long value = formula.sum();
    if (formula.at < formula.text.length()) {
      throw formula.wrong("nothing more");
    }
    return value;
  }

  private long sum() {
    long value = product();
    while (at < text.length() && (peek() == '+' || peek() == '-')) {
      value = text.charAt(at++) == '+' ? value + product() : value - product();
    }
    return value;
  }

  private long product() {
    long value = factor();
    while (at < text.length() && (peek() == '*' || peek() == '/')) {
      if (text.charAt(at++) == '*') {
        value = Math.multiplyExact(value, factor());
      } else {
        value /= divisor();
      }
    }
    return value;
  }

  private long divisor() {
    long value = factor();
    if (value <= 0) {
      throw wrong("a divisor above 0");
    }
    return value;
  }

  private long factor() {
    if (peek() == '(') {
      at++;
      long value = sum();
      expect(')');
      return value;
    }
    int start = at;
    while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
      at++;
    }
    String word = text.substring(start, at);
    if (!word.isEmpty() && word.chars().allMatch(Character::isDigit)) {
      return Long.parseLong(word);
    }
    return switch (word) {
      case "m" -> sizes.m();
      case "n" -> sizes.n();
      case "k" -> sizes.k();
      case "experts" -> sizes.experts();
      case "ceil" -> {
        expect('(');
        long value = sum();
        expect(',');
        long by = sum();
        expect(')');
        if (by <= 0) {
          throw wrong("a divisor above 0");
        }
        yield Math.floorDiv(value + by - 1, by);
      }
      case "tiles" -> {
        expect('(');
        int tokens = Math.toIntExact(sum());
        expect(')');
        if (tokens <= 0) {
          throw wrong("a tile of at least one token");
        }
        yield sizes.tiles().applyAsInt(tokens);
      }
      default -> throw wrong("a number, m, n, k, experts, ceil(a, b) or tiles(a)");
    };
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private void expect(char wanted) {
    if (peek() != wanted) {
      throw wrong("'" + wanted + "'");
    }
    at++;
  }

  private IllegalArgumentException wrong(String wanted) {
    return new IllegalArgumentException(
        "'%s' has no meaning at character %d, where %s belongs".formatted(text, at + 1, wanted));
  }
}
