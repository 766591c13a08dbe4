package io.sextant.schema.placement;

import io.sextant.schema.InvalidInputException;
import java.io.Serializable;
import java.util.regex.Pattern;

/**
 * The identity of a plan: a hash of its map, a hyphen, and a hash of the cluster, the serving
 * profile, the pool and the days that the map was made from. The same map for the same inputs has
 * the same id in every run; names, run ids and times are not part of it.
 *
 * @param value for example {@code 3f09b1c2d4e5-77aa01b2c3d4}
 */
public record PlanId(String value) implements Serializable {
  private static final int DIGITS = 12;
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{12}-[0-9a-f]{12}");

  /** The id of a map that was planned or scored for these inputs. */
  public static PlanId of(PlacementMap map, PlanInputs inputs) {
    ContentHash hash = new ContentHash();
    inputs.addTo(hash);
    return new PlanId(mapPart(map) + "-" + hash.hex(DIGITS));
  }

  /** The part of an id that depends on the map alone, so that it is known for any engine's file. */
  public static String mapPart(PlacementMap map) {
    ContentHash hash = new ContentHash().text(map.model()).number(map.experts());
    for (int l = 0; l < map.physicalToLogical().length; l++) {
      hash.number(map.layers().get(l)).numbers(map.physicalToLogical()[l]);
    }
    return hash.hex(DIGITS);
  }

  /**
   * @param where the file and key, for the message
   * @throws InvalidInputException if the text is not an id
   */
  static PlanId parse(String where, String text) {
    if (text == null || !FORM.matcher(text).matches()) {
      throw InvalidInputException.of(
          where, "'%s' is not a plan id".formatted(text), "Leave the key out, or plan again");
    }
    return new PlanId(text);
  }

  /** Whether the id belongs to this map; it does not if the map was edited. */
  public boolean isOf(PlacementMap map) {
    return value.startsWith(mapPart(map) + "-");
  }

  @Override
  public String toString() {
    return value;
  }
}
