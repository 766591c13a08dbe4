package io.sextant.schema.tensor;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The classes and functions that a torch file's pickle may name, and the plain data that a call of
 * each stands for. Nothing is imported or executed.
 */
final class PickleNames {
  private static final int MOST_DIMENSIONS = 8;
  private static final String TORCH = "torch ";
  private static final String TENSOR = "torch._utils _rebuild_tensor_v2";
  private static final String TENSOR_OF_DTYPE = "torch._utils _rebuild_tensor_v3";
  private static final String PARAMETER = "torch._utils _rebuild_parameter";
  private static final String UNTYPED_STORAGE = "torch.storage UntypedStorage";
  private static final String ENCODE = "_codecs encode";
  private static final String SIZE = "torch Size";
  private static final String DEVICE = "torch device";

  private static final Set<String> FUNCTIONS =
      Set.of(TENSOR, TENSOR_OF_DTYPE, PARAMETER, UNTYPED_STORAGE, ENCODE, SIZE, DEVICE);

  private static final Set<String> STORAGES =
      Set.of(
          "ByteStorage",
          "CharStorage",
          "ShortStorage",
          "IntStorage",
          "LongStorage",
          "HalfStorage",
          "BFloat16Storage",
          "FloatStorage",
          "DoubleStorage",
          "BoolStorage");

  private static final Set<String> DTYPES =
      Set.of(
          "uint8",
          "int8",
          "uint16",
          "int16",
          "uint32",
          "int32",
          "uint64",
          "int64",
          "float16",
          "bfloat16",
          "float32",
          "float64",
          "bool");

  private static final Set<String> DICTS =
      Set.of("collections OrderedDict", "collections defaultdict", "collections Counter");

  /** Protocol 2 always uses Python 2's name of the module, even if Python 3 wrote the file. */
  private static final Set<String> BUILT_IN =
      Set.of("set", "frozenset", "list", "tuple", "dict", "int", "float", "complex", "bytearray");

  private PickleNames() {}

  /** The name of a class or function. It is never resolved. */
  record Name(String name) {

    /** Whether a call creates a dict, to which items may be added. */
    boolean makesDict() {
      return DICTS.contains(name);
    }

    /** The initial items of a dict that a call creates. */
    Map<Object, Object> items(Object[] arguments) throws CorruptTraceException {
      Map<Object, Object> items = new LinkedHashMap<>();
      if (name.endsWith("defaultdict") || arguments.length == 0) {
        return items; // The argument of a defaultdict is the factory of its default values.
      }
      if (arguments.length == 1 && arguments[0] instanceof Map<?, ?> map) {
        items.putAll(map);
        return items;
      }
      throw notAllowed();
    }

    /** The value of a call. */
    Object call(Object[] arguments) throws CorruptTraceException {
      if (name.equals(TENSOR)) {
        return tensor(arguments, false);
      }
      if (name.equals(TENSOR_OF_DTYPE)) {
        return tensor(arguments, true);
      }
      if (name.equals(PARAMETER) && arguments.length > 0 && arguments[0] instanceof TorchTensor t) {
        return t;
      }
      if (name.equals(SIZE) && arguments.length == 1 && arguments[0] instanceof Object[] lengths) {
        return lengths;
      }
      if (name.equals(DEVICE) && arguments.length > 0 && arguments[0] instanceof String device) {
        return device;
      }
      if (name.equals(ENCODE) && arguments.length == 2 && arguments[0] instanceof String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
      }
      String builtIn = builtIn(name);
      if (builtIn.equals("complex") && arguments.length == 2) {
        return arguments;
      }
      if ((builtIn.equals("set") || builtIn.equals("frozenset") || builtIn.equals("bytearray"))
          && arguments.length <= 1) {
        return arguments.length == 0 ? new PickledList() : arguments[0];
      }
      throw notAllowed();
    }
  }

  /** The storage of a tensor's values; {@code type} is null if only the tensor gives it. */
  private record Storage(String type, String key) {}

  /**
   * @param name module and name, separated by a space
   * @throws CorruptTraceException if it is not among those allowed
   */
  static Name named(String name) throws CorruptTraceException {
    boolean torch =
        name.startsWith(TORCH)
            && (STORAGES.contains(name.substring(TORCH.length()))
                || DTYPES.contains(name.substring(TORCH.length())));
    if (!torch
        && !FUNCTIONS.contains(name)
        && !DICTS.contains(name)
        && !BUILT_IN.contains(builtIn(name))) {
      throw new CorruptTraceException(
          "the pickle names %s, which is not allowed; no code of it was run"
              .formatted(Faults.oneLine(name.replace(' ', '.'))));
    }
    return new Name(name);
  }

  private static String builtIn(String name) {
    String rest = name.startsWith("__builtin__ ") ? name.substring("__builtin__ ".length()) : name;
    return name.startsWith("builtins ") ? name.substring("builtins ".length()) : rest;
  }

  /**
   * @param id the tuple with which torch identifies a storage: kind, type, key, device, length
   */
  static Object storage(Object id) throws CorruptTraceException {
    if (id instanceof Object[] parts
        && parts.length >= 3
        && parts[1] instanceof Name type
        && parts[2] instanceof String key) {
      String name = type.name();
      if (name.equals(UNTYPED_STORAGE)) {
        return new Storage(null, key);
      }
      if (name.startsWith(TORCH) && STORAGES.contains(name.substring(TORCH.length()))) {
        return new Storage(name.substring(TORCH.length()), key);
      }
    }
    throw new CorruptTraceException("the pickle refers to something that is not a tensor storage");
  }

  /**
   * Builds a tensor. Arguments: storage, offset, shape, stride, fields of autograd and, in some
   * calls, a dtype.
   */
  private static TorchTensor tensor(Object[] arguments, boolean ofDtype)
      throws CorruptTraceException {
    if (arguments.length < (ofDtype ? 7 : 4)
        || !(arguments[0] instanceof Storage storage)
        || !(arguments[1] instanceof Long offset)
        || offset < 0) {
      throw new CorruptTraceException("the pickle has a tensor with unexpected arguments");
    }
    String type = storage.type();
    if (ofDtype && arguments[6] instanceof Name dtype) {
      type = dtype.name().substring(TORCH.length());
    }
    if (type == null) {
      throw new CorruptTraceException("the pickle has a tensor of no known type");
    }
    long[] shape = lengths(arguments[2]);
    long[] stride = lengths(arguments[3]);
    if (stride.length != shape.length) {
      throw new CorruptTraceException("the pickle has a tensor with an absurd stride");
    }
    return new TorchTensor(type, storage.key(), offset, shape, stride);
  }

  private static long[] lengths(Object value) throws CorruptTraceException {
    if (!(value instanceof Object[] parts) || parts.length > MOST_DIMENSIONS) {
      throw new CorruptTraceException("the pickle has a tensor without a shape");
    }
    long[] lengths = new long[parts.length];
    for (int i = 0; i < parts.length; i++) {
      if (!(parts[i] instanceof Long length) || length < 0) {
        throw new CorruptTraceException("the pickle has a tensor with an absurd shape");
      }
      lengths[i] = length;
    }
    return lengths;
  }

  static CorruptTraceException notAllowed() {
    return new CorruptTraceException("the pickle asks for a call that is not among those allowed");
  }
}
