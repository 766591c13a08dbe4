package io.sextant.schema.trace.format;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.placement.EngineFormat;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.trace.EngineDump;
import io.sextant.schema.trace.NoSink;
import io.sextant.schema.trace.PackBytes;
import io.sextant.schema.trace.Recordings;
import io.sextant.schema.trace.Requests;
import io.sextant.schema.trace.TraceHints;
import io.sextant.schema.trace.TraceReader;
import io.sextant.schema.trace.parquet.ParquetRows;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Real files of every format, damaged or made hostile. Mutation n always gives the same bytes. A
 * reader must either read a file or say why it cannot ({@link CorruptTraceException}, for maps
 * {@link InvalidInputException}).
 *
 * <p>{@code main} tries many: arguments are the number of the first mutation and how many.
 */
final class MutatedFiles {
  private static final ModelSpec MODEL = ModelSpecs.load("sextant-128x8");
  private static final int SLOW_MILLIS = 2_000;
  private static final long[] LENGTHS = {
    0,
    1,
    -1,
    0x7F,
    0xFF,
    0x7FFF,
    0xFFFF,
    0x7FFFFFFF,
    0xFFFFFFFFL,
    1L << 62,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private static final List<String> RECORDINGS =
      List.of(
          "sm-idle/expert_distribution_recorder_1796010600.1855862_0.pt.zst",
          "sm-one/expert_distribution_recorder_1796010587.2445345_0.pt.zst");

  private final List<Seed> seeds = new ArrayList<>();
  private final Path scratch;

  /** A sound file. */
  private record Seed(String path, byte[] bytes, boolean map) {}

  /** A file made from a sound one. */
  record Mutation(String path, byte[] bytes, boolean map, String what) {}

  MutatedFiles() throws IOException {
    for (EngineDump dump : EngineDump.values()) {
      add(dump.path, dump.bytes());
    }
    for (String recording : Recordings.ALL) {
      add(recording, Recordings.bytes(recording));
    }
    byte[] pack = PackBytes.of("long-a-2").bytes();
    add("long-a-2.safetensors", pack);
    String json = "/orders-in-chaos/sextant/128x8/docs/1000010.json";
    try (InputStream in = MutatedFiles.class.getResourceAsStream(json)) {
      add("docs/1000010.json", in.readAllBytes());
    }
    for (String recording : RECORDINGS) {
      Path file = Path.of("src/test/resources/recordings/sglang", recording);
      add(recording, PackBytes.plain(file));
    }
    add(
        "counts.csv",
        "layer_id,expert_id,count\n1,0,629\n11,127,3\n0,5,0\n".getBytes(StandardCharsets.UTF_8));
    add("rows.parquet", ParquetRows.of(EngineDump.VLLM_10.sound()));
    String map = "/placements/eplb-days4to7-4x8-128slots.json";
    Path folder = Files.createTempDirectory("mutated");
    folder.toFile().deleteOnExit();
    scratch = folder.resolve("a.zip");
    scratch.toFile().deleteOnExit();
    try (InputStream in = MutatedFiles.class.getResourceAsStream(map)) {
      byte[] bytes = in.readAllBytes();
      seeds.add(new Seed("map.json", bytes, true));
      var placement = PlacementMaps.read("map.json", new ByteArrayInputStream(bytes), MODEL);
      for (EngineFormat format : EngineFormat.values()) {
        Path file = folder.resolve(format.name());
        try {
          format.write(file, placement, 32);
          seeds.add(new Seed(format.name(), Files.readAllBytes(file), true));
        } catch (InvalidInputException e) {
          throw new IOException(e);
        }
      }
    }
  }

  private void add(String path, byte[] bytes) {
    seeds.add(new Seed(path, bytes, false));
  }

  Mutation mutation(long number) throws IOException {
    SplittableRandom random = new SplittableRandom(number);
    Seed seed = seeds.get((int) Long.remainderUnsigned(number, seeds.size()));
    boolean zip = seed.bytes()[0] == 'P' && seed.bytes()[1] == 'K';
    if (random.nextInt(50) == 0) {
      byte[] hostile = hostile(seed, random);
      return new Mutation(seed.path(), hostile, seed.map(), "hostile " + seed.path());
    }
    byte[] bytes;
    if (zip && random.nextInt(3) > 0) {
      bytes = rebuilt(seed.bytes(), random);
    } else {
      bytes = damaged(seed.bytes(), random);
    }
    switch (random.nextInt(8)) {
      case 0 -> bytes = PackBytes.gzip(bytes);
      case 1 -> bytes = PackBytes.zstd(bytes);
      case 2 -> bytes = damaged(PackBytes.zstd(bytes), random);
      default -> {}
    }
    return new Mutation(seed.path(), bytes, seed.map(), "damaged " + seed.path());
  }

  private static byte[] damaged(byte[] sound, SplittableRandom random) {
    byte[] bytes = sound.clone();
    // Most of the structure is at the start of a file, or at the end of a zip file.
    int reach = Math.max(1, random.nextInt(3) == 0 ? bytes.length : Math.min(bytes.length, 2048));
    boolean tail = random.nextInt(4) == 0;
    int times = 1 + random.nextInt(4);
    for (int i = 0; i < times && bytes.length > 0; i++) {
      int at = Math.min(random.nextInt(reach), bytes.length - 1);
      at = tail ? bytes.length - 1 - at : at;
      switch (random.nextInt(7)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> length(bytes, at, LENGTHS[random.nextInt(LENGTHS.length)], random);
        case 3 -> bytes = Arrays.copyOf(bytes, at);
        case 4 -> bytes = moved(bytes, at, random);
        case 5 -> bytes = doubled(bytes, at, random);
        default -> digits(bytes, at, random);
      }
    }
    return bytes;
  }

  private static void length(byte[] bytes, int at, long value, SplittableRandom random) {
    int width = 1 << random.nextInt(4);
    for (int i = 0; i < width && at + i < bytes.length; i++) {
      bytes[at + i] = (byte) (value >> (8 * i));
    }
  }

  private static byte[] moved(byte[] bytes, int at, SplittableRandom random) {
    byte[] copy = bytes.clone();
    int count = Math.min(random.nextInt(64), bytes.length - at);
    System.arraycopy(bytes, at, copy, random.nextInt(bytes.length - count + 1), count);
    return copy;
  }

  private static byte[] doubled(byte[] bytes, int at, SplittableRandom random) {
    int count = Math.min(1 + random.nextInt(4096), bytes.length - at);
    byte[] copy = Arrays.copyOf(bytes, bytes.length + count);
    System.arraycopy(bytes, at, copy, at + count, bytes.length - at);
    return copy;
  }

  /** Replaces a number in a text. */
  private static void digits(byte[] bytes, int from, SplittableRandom random) {
    int at = from;
    while (at < bytes.length && (bytes[at] < '0' || bytes[at] > '9')) {
      at++;
    }
    for (; at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9'; at++) {
      bytes[at] = (byte) ('0' + random.nextInt(10));
    }
  }

  /** A zip whose entries have been damaged before their checksums were made. */
  private byte[] rebuilt(byte[] zip, SplittableRandom random) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<String> names = new ArrayList<>();
    List<byte[]> contents = new ArrayList<>();
    // Read from a file, because a stream cannot tell where stored entries of torch end.
    Path file = Files.write(scratch, zip);
    try (ZipFile in = new ZipFile(file.toFile())) {
      for (ZipEntry entry : Collections.list(in.entries())) {
        names.add(entry.getName());
        contents.add(in.getInputStream(entry).readAllBytes());
      }
    }
    int broken = random.nextBoolean() ? 0 : random.nextInt(names.size());
    boolean deflate = random.nextInt(4) == 0;
    try (ZipOutputStream rebuilt = new ZipOutputStream(out)) {
      for (int i = 0; i < names.size(); i++) {
        byte[] content = i == broken ? damaged(contents.get(i), random) : contents.get(i);
        put(rebuilt, names.get(i), content, deflate);
      }
    }
    return out.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, byte[] content, boolean deflate)
      throws IOException {
    ZipEntry entry = new ZipEntry(name);
    if (!deflate) {
      CRC32 crc = new CRC32();
      crc.update(content);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(content.length);
      entry.setCrc(crc.getValue());
    }
    zip.putNextEntry(entry);
    zip.write(content);
  }

  /** Files that are hostile by design, not by random damage. */
  private static byte[] hostile(Seed seed, SplittableRandom random) throws IOException {
    return switch (random.nextInt(11)) {
      case 0 -> "[".repeat(100_000).getBytes(StandardCharsets.UTF_8);
      case 1 -> "{\"1\":".repeat(100_000).getBytes(StandardCharsets.UTF_8);
      case 2 -> pickle("\u0080\2cos\nsystem\n(X\7\0\0\0exit 66tR.");
      case 3 -> pickle("\u0080\2" + "(".repeat(1 << random.nextInt(23)) + ".");
      case 4 -> pickle("\u0080\2" + "}](K\1".repeat(1 << random.nextInt(21)) + "e.");
      case 5 -> bomb("a/data.pkl", '}', 1L << (10 + random.nextInt(18)));
      case 6 -> bomb("routed_experts.npy", '\0', 1L << (10 + random.nextInt(18)));
      case 7 ->
          ("{\"routed_experts\":" + "{\"data\":".repeat(100_000)).getBytes(StandardCharsets.UTF_8);
      case 8 -> ("{\"routed_experts\":" + "[[],null,".repeat(300)).getBytes(StandardCharsets.UTF_8);
      case 9 ->
          ("data: {\"id\":\"a\",\"routed_experts\":\""
                  + "A".repeat(1 << random.nextInt(21))
                  + "\"}")
              .getBytes(StandardCharsets.UTF_8);
      default -> PackBytes.zstd(fill(seed.bytes(), 1 << (10 + random.nextInt(17))));
    };
  }

  private static byte[] pickle(String instructions) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      put(zip, "a/data.pkl", instructions.getBytes(StandardCharsets.ISO_8859_1), true);
    }
    return out.toByteArray();
  }

  private static byte[] bomb(String name, char fill, long length) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] block = new byte[1 << 10];
    Arrays.fill(block, (byte) fill);
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry(name));
      for (long written = 0; written < length; written += block.length) {
        zip.write(block);
      }
    }
    return out.toByteArray();
  }

  /** The beginning of a sound file, then the same byte for long. */
  private static byte[] fill(byte[] sound, int length) {
    byte[] filled = Arrays.copyOf(sound, Math.min(sound.length, 4096) + length);
    Arrays.fill(filled, filled.length - length, filled.length, sound[sound.length - 1]);
    return filled;
  }

  /**
   * Passes this file to all readers of such files.
   *
   * @return the result: {@code read}, or the reason why it was rejected
   */
  static String read(Mutation mutation) throws IOException {
    try {
      if (mutation.map()) {
        PlacementMaps.read(mutation.path(), new ByteArrayInputStream(mutation.bytes()), MODEL);
      } else {
        TraceFile file =
            Requests.file(mutation.path(), mutation.bytes(), Recordings.beside(mutation.path()));
        TraceReader reader = TraceFormats.detect(file);
        TraceHints hints = Recordings.hints(mutation.path());
        reader.tokensId(file);
        reader.verify(file, MODEL, hints);
        reader.read(file, MODEL, hints, NoSink.INSTANCE);
      }
      return "read";
    } catch (CorruptTraceException | InvalidInputException e) {
      return e.getMessage();
    }
  }

  /** Arguments: the first mutation and the number of mutations. */
  public static void main(String[] arguments) throws IOException {
    long first = Long.parseLong(arguments[0]);
    long count = Long.parseLong(arguments[1]);
    MutatedFiles files = new MutatedFiles();
    var thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long read = 0;
    long findings = 0;
    long slowest = 0;
    long slowestNumber = first;
    long mostBytes = 0;
    long mostBytesNumber = first;
    for (long number = first; number < first + count; number++) {
      Mutation mutation = files.mutation(number);
      // CPU time, because other processes may keep the thread waiting.
      long nanos = thread.getCurrentThreadCpuTime();
      long bytes = thread.getCurrentThreadAllocatedBytes();
      try {
        String outcome = read(mutation);
        read += outcome.equals("read") ? 1 : 0;
        if (outcome.contains("\n")) {
          throw new IllegalStateException("more than one line: " + outcome);
        }
      } catch (RuntimeException | IOException | StackOverflowError | OutOfMemoryError e) {
        findings++;
        finding(number, mutation, e);
      }
      nanos = thread.getCurrentThreadCpuTime() - nanos;
      bytes = thread.getCurrentThreadAllocatedBytes() - bytes;
      if (nanos > SLOW_MILLIS * 1_000_000L) {
        findings++;
        finding(number, mutation, "took %d ms".formatted(nanos / 1_000_000));
      }
      if (nanos > slowest) {
        slowest = nanos;
        slowestNumber = number;
      }
      if (bytes > mostBytes) {
        mostBytes = bytes;
        mostBytesNumber = number;
      }
      if ((number - first + 1) % 10_000 == 0) {
        System.out.printf(
            "%d mutated files: %d read, %d refused, %d findings; slowest %d ms (%d), most"
                + " allocated %d MiB (%d)%n",
            number - first + 1,
            read,
            number - first + 1 - read - findings,
            findings,
            slowest / 1_000_000,
            slowestNumber,
            mostBytes >> 20,
            mostBytesNumber);
      }
    }
    if (findings > 0) {
      throw new IllegalStateException(findings + " findings");
    }
  }

  private static void finding(long number, Mutation mutation, Object what) {
    System.out.printf("FINDING %d (%s): %s%n", number, mutation.what(), what);
    if (what instanceof Throwable e) {
      for (int i = 0; i < Math.min(4, e.getStackTrace().length); i++) {
        System.out.println("    " + e.getStackTrace()[i]);
      }
    }
  }
}
