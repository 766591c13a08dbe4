package io.sextant.schema.tensor;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.zip.ZipEntryBytes;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads the pickle of a torch file as plain data. No code that a pickle names is ever executed.
 * {@link PickleNames} lists the classes and functions that may be named and the data that each
 * stands for. Any other name, and any instruction that {@code torch.save} does not write for plain
 * containers and tensors, is an error (instructions: CPython's Lib/pickletools.py, protocols 2 to
 * 5).
 *
 * <p>Values are null, {@link Boolean}, {@link Long}, {@link Double}, {@link String}, {@code
 * byte[]}, {@link PickledList} for a list or set, {@code Object[]} for a tuple, {@link Map} for a
 * dict and {@link TorchTensor}.
 *
 * <p>A pickle stores each object once and refers back to it. Only objects with later references are
 * kept. {@link PickleReferences} finds them in a first pass, so objects that {@link PickledDicts}
 * replaces need no memory.
 */
final class PickleReader {
  private static final int OBJECT_BYTES = 48;

  private final ZipEntryBytes bytes;
  private final PickleArguments arguments;
  private final HeapShare share;
  private final PickledDicts dicts;
  private final PickleReferences references;
  private final PickleStack stack = new PickleStack();
  private final Map<Integer, Object> memo = new HashMap<>();

  /** The number that the next {@code MEMOIZE} assigns. */
  private int memoized;

  private long charged;

  /**
   * Number of objects kept for references so far. The memory of a container that holds one cannot
   * be released.
   */
  private long sharedObjects;

  private PickleReader(
      ZipEntryBytes bytes, PickleReferences references, HeapShare share, PickledDicts dicts) {
    this.bytes = bytes;
    this.arguments = new PickleArguments(bytes);
    this.references = references;
    this.share = share;
    this.dicts = dicts;
  }

  static Object read(
      ZipEntryBytes bytes, PickleReferences references, HeapShare share, PickledDicts dicts)
      throws CorruptTraceException, IOException {
    PickleReader reader = new PickleReader(bytes, references, share, dicts);
    int instruction;
    while ((instruction = bytes.one()) != '.') {
      reader.run(instruction);
    }
    return PickledDict.plain(reader.pop());
  }

  private void run(int instruction) throws CorruptTraceException, IOException {
    switch (instruction) {
      case 0x80 -> protocol(bytes.one());
      case 0x95 -> bytes.skip(Long.BYTES); // Frames only allow reading ahead.
      case '(' -> push(PickleStack.MARK);
      case '0' -> pop();
      case '1' -> stack.cut(stack.popMark());
      case '2' -> push(stack.peek());
      case 'N' -> push(null);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'K' -> push(arguments.number(1));
      case 'M' -> push(arguments.number(2));
      case 'J' -> push((long) (int) arguments.number(4));
      case 0x8a -> push(arguments.wide(arguments.number(1)));
      case 0x8b -> push(arguments.wide(arguments.number(4)));
      case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(arguments.number(8))));
      case 0x8c -> push(text(arguments.number(1)));
      case 'X' -> push(text(arguments.number(4)));
      case 0x8d -> push(text(arguments.number(8)));
      case 'C' -> push(blob(arguments.number(1)));
      case 'B' -> push(blob(arguments.number(4)));
      case 0x8e, 0x96 -> push(blob(arguments.number(8)));
      case ')' -> push(new Object[0]);
      case 0x85 -> push(tuple(stack.size() - 1));
      case 0x86 -> push(tuple(stack.size() - 2));
      case 0x87 -> push(tuple(stack.size() - 3));
      case 't' -> push(tuple(stack.popMark()));
      case ']', 0x8f -> push(new PickledList());
      case 'a' -> append(stack.size() - 1);
      case 'e', 0x90 -> append(stack.popMark());
      case 0x91 -> push(PickledList.of(tuple(stack.popMark())));
      case '}' -> push(new PickledDict(charged, sharedObjects));
      case 's' -> setItems(stack.size() - 2);
      case 'u' -> setItems(stack.popMark());
      case 'q' -> remember((int) arguments.number(1));
      case 'r' -> remember((int) arguments.number(4));
      case 0x94 -> remember(memoized);
      case 'h' -> recall((int) arguments.number(1));
      case 'j' -> recall((int) arguments.number(4));
      case 'c' -> push(PickleNames.named(arguments.line() + " " + arguments.line()));
      case 0x93 -> push(stackName());
      case 'Q' -> push(PickleNames.storage(pop()));
      case 'R', 0x81 -> push(call());
      default ->
          throw new CorruptTraceException(
              "the pickle has instruction 0x%02x, which is not among those allowed"
                  .formatted(instruction));
    }
  }

  private static void protocol(int version) throws CorruptTraceException {
    if (version < 2 || version > 5) {
      throw new CorruptTraceException(
          "the pickle is of protocol %d; 2 to 5 are read".formatted(version));
    }
  }

  private String text(long length) throws CorruptTraceException, IOException {
    String text = arguments.text(length);
    charge(length);
    return text;
  }

  private byte[] blob(long length) throws CorruptTraceException, IOException {
    byte[] blob = arguments.blob(length);
    charge(length);
    return blob;
  }

  private Object stackName() throws CorruptTraceException {
    if (pop() instanceof String name && pop() instanceof String module) {
      return PickleNames.named(module + " " + name);
    }
    throw new CorruptTraceException("the pickle has a name that is not a text");
  }

  private Object call() throws CorruptTraceException {
    Object parameters = pop();
    Object function = pop();
    if (parameters instanceof Object[] values && function instanceof PickleNames.Name name) {
      Object[] plain = Arrays.stream(values).map(PickledDict::plain).toArray();
      if (!name.makesDict()) {
        Object value = name.call(plain);
        charge(value instanceof byte[] encoded ? encoded.length : 0);
        return value;
      }
      PickledDict dict = new PickledDict(charged, sharedObjects);
      dict.values.putAll(name.items(plain));
      charge((long) OBJECT_BYTES * dict.values.size());
      return dict;
    }
    throw PickleNames.notAllowed();
  }

  private void append(int from) throws CorruptTraceException {
    stack.require(from - 1);
    if (!(stack.get(from - 1) instanceof PickledList list)) {
      throw new CorruptTraceException("the pickle adds to something that is not a list");
    }
    if (list.isShared()) {
      sharedObjects++;
    }
    for (int i = from; i < stack.size(); i++) {
      Object value = stack.get(i);
      long before = list.bytes();
      list.add(PickledDict.plain(value));
      charge(list.bytes() - before - (value instanceof Long ? OBJECT_BYTES : 0));
    }
    stack.cut(from);
  }

  private void setItems(int from) throws CorruptTraceException {
    stack.require(from - 1);
    if (!(stack.get(from - 1) instanceof PickledDict dict) || (stack.size() - from) % 2 != 0) {
      throw new CorruptTraceException("the pickle adds items to something that is not a dict");
    }
    if (dict.shared) {
      sharedObjects++;
    }
    for (int i = from; i < stack.size(); i += 2) {
      dict.put(stack.get(i), stack.get(i + 1));
      charge(OBJECT_BYTES);
    }
    stack.cut(from);
    dict.replacement = dicts.built(dict.values);
    if (dict.replacement != null && !dict.shared) {
      stack.set(from - 1, dict.replacement);
      if (sharedObjects == dict.sharedBefore) {
        share.give(charged - dict.chargedBefore);
        charged = dict.chargedBefore;
      }
    }
  }

  private void remember(int index) throws CorruptTraceException {
    Object value = stack.peek();
    memoized++;
    if (!references.has(index)) {
      memo.remove(index);
      return;
    }
    if (memo.put(index, value) == null) {
      // Its memory stays in use to the end, even if the dict that contains it is replaced.
      share.take(2 * OBJECT_BYTES + (value instanceof String text ? text.length() : 0));
    }
    if (value instanceof PickledList list) {
      list.share();
    } else if (value instanceof PickledDict dict) {
      dict.shared = true;
    }
    if (!(value instanceof String || value instanceof PickleNames.Name)) {
      sharedObjects++;
    }
  }

  private void recall(int index) throws CorruptTraceException {
    if (!memo.containsKey(index)) {
      throw new CorruptTraceException(
          "the pickle refers to its part %d, which does not come before".formatted(index));
    }
    push(memo.get(index));
  }

  private void push(Object value) throws CorruptTraceException {
    charge(OBJECT_BYTES);
    stack.push(value);
  }

  private Object pop() throws CorruptTraceException {
    return stack.pop();
  }

  private Object[] tuple(int from) throws CorruptTraceException {
    return Arrays.stream(stack.take(from)).map(PickledDict::plain).toArray();
  }

  private void charge(long amount) throws CorruptTraceException {
    charged += amount;
    share.take(amount);
  }
}
