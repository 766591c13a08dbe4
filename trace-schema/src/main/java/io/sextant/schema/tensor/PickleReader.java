package io.sextant.schema.tensor;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import io.sextant.schema.file.HeapShare;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the pickle of a torch file as plain data. Nothing that a pickle names is ever run: of all
 * classes and functions it knows only how torch puts a tensor together, and an empty OrderedDict;
 * another name, or an instruction that torch does not write, ends the reading (instructions:
 * CPython's Lib/pickletools.py, protocol 2).
 *
 * <p>Values are null, {@link Boolean}, {@link Long}, {@link Double}, {@link String}, {@link
 * PickledList}, {@code Object[]} for a tuple, {@link Map} by text and {@link TorchTensor}. Only
 * texts and names can be referred to twice, so that what {@link Dicts} replaces needs no memory.
 */
public final class PickleReader {
  private static final int OBJECT_BYTES = 48;
  private static final int MOST_TEXT_BYTES = 1 << 16;
  private static final int MOST_DIMENSIONS = 8;
  private static final String TENSOR = "torch._utils _rebuild_tensor_v2";
  private static final String ORDERED_DICT = "collections OrderedDict";
  private static final String STORAGE = "torch ";
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

  /** Sees each dict when its items have been added. */
  public interface Dicts {

    /**
     * @return what to keep instead, whose memory the caller accounts for; null to keep the dict
     */
    Object built(Map<String, Object> dict) throws CorruptTraceException;
  }

  /** A class or function by its name, which is all that is ever done with it. */
  private record Global(String name) {}

  private record Storage(String type, String key) {}

  private record Dict(Map<String, Object> values, long chargedBefore) {}

  private static final Object MARK = new Object();

  private final ZipEntryBytes bytes;
  private final HeapShare share;
  private final Dicts dicts;
  private final List<Object> stack = new ArrayList<>();
  private final Map<Integer, Object> memo = new HashMap<>();
  private long charged;

  private PickleReader(ZipEntryBytes bytes, HeapShare share, Dicts dicts) {
    this.bytes = bytes;
    this.share = share;
    this.dicts = dicts;
  }

  public static Object read(ZipEntryBytes bytes, HeapShare share, Dicts dicts)
      throws CorruptTraceException, IOException {
    PickleReader reader = new PickleReader(bytes, share, dicts);
    int instruction;
    while ((instruction = bytes.one()) != '.') {
      reader.run(instruction);
    }
    Object value = reader.pop();
    return value instanceof Dict dict ? dict.values : value;
  }

  private void run(int instruction) throws CorruptTraceException, IOException {
    switch (instruction) {
      case 0x80 -> protocol(bytes.one());
      case '(' -> push(MARK);
      case 'N' -> push(null);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'K' -> push(number(1));
      case 'M' -> push(number(2));
      case 'J' -> push((long) (int) number(4));
      case 0x8a -> push(wide(bytes.one()));
      case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(number(8))));
      case 'X' -> push(text(number(4)));
      case ')' -> push(new Object[0]);
      case 0x85 -> push(tuple(stack.size() - 1));
      case 0x86 -> push(tuple(stack.size() - 2));
      case 0x87 -> push(tuple(stack.size() - 3));
      case 't' -> push(tuple(popMark()));
      case ']' -> push(new PickledList());
      case 'a' -> append(stack.size() - 1);
      case 'e' -> append(popMark());
      case '}' -> push(new Dict(new LinkedHashMap<>(), charged));
      case 's' -> setItems(stack.size() - 2);
      case 'u' -> setItems(popMark());
      case 'q' -> remember((int) number(1));
      case 'r' -> remember((int) number(4));
      case 'h' -> recall((int) number(1));
      case 'j' -> recall((int) number(4));
      case 'c' -> push(global());
      case 'Q' -> push(storage(pop()));
      case 'R' -> push(reduce());
      default ->
          throw new CorruptTraceException(
              "the pickle has instruction 0x%02x, which is not among those allowed"
                  .formatted(instruction));
    }
  }

  private static void protocol(int version) throws CorruptTraceException {
    if (version != 2) {
      throw new CorruptTraceException(
          "the pickle is of protocol %d, torch writes 2".formatted(version));
    }
  }

  private long number(int length) throws CorruptTraceException, IOException {
    long value = 0;
    for (int i = 0; i < length; i++) {
      value |= (long) bytes.one() << (8 * i);
    }
    return value;
  }

  private long wide(int length) throws CorruptTraceException, IOException {
    if (length > Long.BYTES) {
      throw new CorruptTraceException("the pickle has a number of %d bytes".formatted(length));
    }
    int unused = Long.SIZE - 8 * length;
    return length == 0 ? 0 : number(length) << unused >> unused;
  }

  private String text(long length) throws CorruptTraceException, IOException {
    if (length > MOST_TEXT_BYTES) {
      throw new CorruptTraceException("the pickle has a text of %d bytes".formatted(length));
    }
    charge(length);
    byte[] text = new byte[(int) length];
    bytes.fill(text, 0, text.length);
    return new String(text, StandardCharsets.UTF_8);
  }

  private Global global() throws CorruptTraceException, IOException {
    String name = line() + " " + line();
    if (!name.equals(TENSOR)
        && !name.equals(ORDERED_DICT)
        && !(name.startsWith(STORAGE) && STORAGES.contains(name.substring(STORAGE.length())))) {
      throw new CorruptTraceException(
          "the pickle names %s, which is not among what is allowed; nothing of it was run"
              .formatted(Faults.oneLine(name.replace(' ', '.'))));
    }
    return new Global(name);
  }

  private String line() throws CorruptTraceException, IOException {
    StringBuilder line = new StringBuilder();
    int next;
    while ((next = bytes.one()) != '\n') {
      if (line.length() == MOST_TEXT_BYTES) {
        throw new CorruptTraceException("the pickle has a name without end");
      }
      line.append((char) next);
    }
    return line.toString();
  }

  private Storage storage(Object id) throws CorruptTraceException {
    if (id instanceof Object[] parts
        && parts.length >= 3
        && parts[1] instanceof Global type
        && type.name().startsWith(STORAGE)
        && parts[2] instanceof String key) {
      return new Storage(type.name().substring(STORAGE.length()), key);
    }
    throw new CorruptTraceException("the pickle refers to something that is no tensor storage");
  }

  private Object reduce() throws CorruptTraceException {
    if (pop() instanceof Object[] arguments && pop() instanceof Global function) {
      if (function.name().equals(ORDERED_DICT) && arguments.length == 0) {
        return new Dict(new LinkedHashMap<>(), charged);
      }
      if (function.name().equals(TENSOR)) {
        return tensor(arguments);
      }
    }
    throw new CorruptTraceException("the pickle asks for a call that is not among those allowed");
  }

  /** Arguments: storage, offset, shape, stride and what autograd needs. */
  private static TorchTensor tensor(Object[] arguments) throws CorruptTraceException {
    if (arguments.length < 4
        || !(arguments[0] instanceof Storage storage)
        || !(arguments[1] instanceof Long offset)
        || offset < 0) {
      throw new CorruptTraceException("the pickle has a tensor that is put together differently");
    }
    long[] shape = lengths(arguments[2]);
    long[] stride = lengths(arguments[3]);
    long wanted = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      if (stride.length != shape.length || (shape[i] > 1 && stride[i] != wanted)) {
        throw new CorruptTraceException("a tensor of the file is not stored in row order");
      }
      wanted *= Math.max(1, shape[i]);
    }
    return new TorchTensor(storage.type(), storage.key(), offset, shape);
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

  private void append(int from) throws CorruptTraceException {
    checkDepth(from - 1);
    if (!(stack.get(from - 1) instanceof PickledList list)) {
      throw new CorruptTraceException("the pickle adds to something that is no list");
    }
    for (int i = from; i < stack.size(); i++) {
      Object value = stack.get(i);
      long before = list.bytes();
      list.add(value instanceof Dict dict ? dict.values : value);
      charge(list.bytes() - before - (value instanceof Long ? OBJECT_BYTES : 0));
    }
    cut(from);
  }

  private void setItems(int from) throws CorruptTraceException {
    checkDepth(from - 1);
    if (!(stack.get(from - 1) instanceof Dict dict) || (stack.size() - from) % 2 != 0) {
      throw new CorruptTraceException("the pickle adds items to something that is no dict");
    }
    for (int i = from; i < stack.size(); i += 2) {
      if (!(stack.get(i) instanceof String key)) {
        throw new CorruptTraceException("the pickle has a dict whose keys are not texts");
      }
      Object value = stack.get(i + 1);
      dict.values.put(key, value instanceof Dict inner ? inner.values : value);
    }
    cut(from);
    Object kept = dicts.built(dict.values);
    if (kept != null) {
      stack.set(from - 1, kept);
      share.give(charged - dict.chargedBefore);
      charged = dict.chargedBefore;
    }
  }

  private void remember(int index) throws CorruptTraceException {
    checkDepth(stack.size() - 1);
    Object value = stack.get(stack.size() - 1);
    if (value instanceof String || value instanceof Global) {
      if (memo.put(index, value) == null) {
        // Stays to the end, whatever becomes of the dict it stands in.
        share.take(2 * OBJECT_BYTES + (value instanceof String text ? text.length() : 0));
      }
    } else {
      memo.remove(index);
    }
  }

  private void recall(int index) throws CorruptTraceException {
    Object value = memo.get(index);
    if (value == null) {
      throw new CorruptTraceException(
          "the pickle refers to its part %d, which is no text or name before it".formatted(index));
    }
    push(value);
  }

  private void push(Object value) throws CorruptTraceException {
    charge(OBJECT_BYTES);
    stack.add(value);
  }

  private Object pop() throws CorruptTraceException {
    checkDepth(stack.size() - 1);
    return stack.remove(stack.size() - 1);
  }

  /** Takes the last mark away and says where what came after it begins. */
  private int popMark() throws CorruptTraceException {
    int at = stack.lastIndexOf(MARK);
    checkDepth(at);
    stack.remove(at);
    return at;
  }

  private Object[] tuple(int from) throws CorruptTraceException {
    checkDepth(from);
    List<Object> tail = stack.subList(from, stack.size());
    Object[] values = tail.toArray();
    tail.clear();
    return values;
  }

  private void cut(int from) {
    stack.subList(from, stack.size()).clear();
  }

  private void checkDepth(int index) throws CorruptTraceException {
    if (index < 0 || index >= stack.size() + 1) {
      throw new CorruptTraceException("the pickle takes more than it has put down");
    }
  }

  private void charge(long amount) throws CorruptTraceException {
    charged += amount;
    share.take(amount);
  }
}
