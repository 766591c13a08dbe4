package io.sextant.schema.spec;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The GPUs of {@code conf/gpus}, whose file names are the GPUs' names in lower case. */
public final class GpuMemories {
  private static final ConfFolder FOLDER = new ConfFolder("gpus", "GPU", "h100");
  private static final double MOST_GIGABYTES = 1e5;

  private GpuMemories() {}

  /**
   * The memory of a GPU in bytes; empty if there is no such GPU.
   *
   * @param gpu its name, as in {@code conf/clusters}
   * @throws io.sextant.schema.InvalidInputException naming the file and field, if a field is
   *     missing, unknown or invalid
   */
  public static OptionalDouble bytes(String gpu) {
    String name = gpu.toLowerCase(Locale.ROOT);
    if (!names().contains(name)) {
      return OptionalDouble.empty();
    }
    YamlFields fields = FOLDER.open(name);
    fields.name("name");
    double gigabytes = fields.positive("memory_gigabytes", MOST_GIGABYTES);
    fields.allowNoOther();
    return OptionalDouble.of(gigabytes * 1e9);
  }

  /** The names of the files, sorted. */
  public static List<String> names() {
    return FOLDER.names();
  }
}
