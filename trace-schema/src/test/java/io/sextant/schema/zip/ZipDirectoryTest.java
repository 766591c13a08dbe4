package io.sextant.schema.zip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.zip.ZipArchive.Entry;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Directories whose bytes are laid out here, as in APPNOTE 6.3.10, 4.3.12. */
class ZipDirectoryTest {
  private static final long FILE = 1L << 40;
  private static final int ALL_ONES = -1;

  /** Fields of one entry, of which a test changes some. */
  private static final class Stored {
    private final String name;
    private int flags;
    private int method = 8;
    private int stored = 20;
    private int size = 50;
    private int header = 100;
    private byte[] extra = {};
    private String comment = "";

    Stored(String name) {
      this.name = name;
    }

    byte[] bytes() {
      byte[] text = name.getBytes(StandardCharsets.UTF_8);
      byte[] note = comment.getBytes(StandardCharsets.UTF_8);
      byte[] all = new byte[46 + text.length + extra.length + note.length];
      ByteBuffer entry = little(all);
      entry.putInt(0x02014b50).putShort((short) 45).putShort((short) 20);
      entry.putShort((short) flags).putShort((short) method).putInt(0);
      entry.putInt(0x1234).putInt(stored).putInt(size);
      entry.putShort((short) text.length).putShort((short) extra.length);
      entry.putShort((short) note.length).putShort((short) 0).putShort((short) 0).putInt(0);
      entry.putInt(header).put(text).put(extra).put(note);
      return all;
    }
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer bytes(List<Stored> entries) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    entries.forEach(entry -> all.writeBytes(entry.bytes()));
    return little(all.toByteArray());
  }

  private static ZipDirectory of(Stored... entries) throws CorruptTraceException {
    return new ZipDirectory(bytes(List.of(entries)), entries.length, FILE);
  }

  /** A field of a kind that is not read, then the 64-bit values, then another field. */
  private static byte[] wide(long... values) {
    byte[] all = new byte[4 + 5 + 4 + 8 * values.length + 4];
    ByteBuffer extra = little(all);
    extra.putShort((short) 0x5455).putShort((short) 5).put(new byte[5]);
    extra.putShort((short) 1).putShort((short) (8 * values.length));
    for (long value : values) {
      extra.putLong(value);
    }
    extra.putShort((short) 2).putShort((short) 0);
    return all;
  }

  @Test
  void entriesAreFoundByNameAndInOrder() throws Exception {
    Stored first = new Stored("model/a.npy");
    first.comment = "a comment";
    first.extra = wide();
    Stored second = new Stored("model/b.npy");
    second.size = 51;
    ZipDirectory directory = of(first, second);
    assertThat(directory.names()).containsExactly("model/a.npy", "model/b.npy");
    assertThat(directory.entry("model/b.npy"))
        .isEqualTo(new Entry("model/b.npy", 8, 0x1234, 20, 51, 100));
    assertThat(directory.entry("model/c.npy")).isNull();
    assertThat(directory.firstThatEnds(".npy").name()).isEqualTo("model/a.npy");
    assertThat(directory.firstThatEnds("b.npy").name()).isEqualTo("model/b.npy");
    assertThat(directory.firstThatEnds(".pkl")).isNull();
  }

  @Test
  void manyEntriesAreFound() throws Exception {
    List<Stored> entries =
        IntStream.range(0, 5_000).mapToObj(i -> new Stored("archive/data/" + i)).toList();
    ZipDirectory directory = new ZipDirectory(bytes(entries), entries.size(), FILE);
    for (Stored entry : entries) {
      assertThat(directory.entry(entry.name).name()).isEqualTo(entry.name);
    }
    assertThat(directory.entry("archive/data/5000")).isNull();
  }

  /** Names of equal hash codes: "Aa" and "BB" in any order. */
  @Test
  void namesThatCollideAreTold() throws Exception {
    List<Stored> entries =
        IntStream.range(0, 1_024)
            .mapToObj(
                bits ->
                    new Stored(
                        IntStream.range(0, 10)
                            .mapToObj(i -> (bits >> i & 1) == 0 ? "Aa" : "BB")
                            .reduce("", String::concat)))
            .toList();
    ZipDirectory directory = new ZipDirectory(bytes(entries.subList(0, 1_000)), 1_000, FILE);
    assertThat(directory.entry(entries.get(999).name).name()).isEqualTo(entries.get(999).name);
    assertThatThrownBy(() -> new ZipDirectory(bytes(entries), 1_024, FILE))
        .isInstanceOf(CorruptTraceException.class)
        .hasMessageContaining("made to collide");
  }

  /** The 64-bit field has only the values that are all ones in the entry, in its own order. */
  @Test
  void sixtyFourBitValuesReplaceThoseThatAreAllOnes() throws Exception {
    Stored all = new Stored("all");
    all.size = ALL_ONES;
    all.stored = ALL_ONES;
    all.header = ALL_ONES;
    all.extra = wide(5L << 32, 4L << 32, 3L << 32);
    assertThat(of(all).entry("all"))
        .isEqualTo(new Entry("all", 8, 0x1234, 4L << 32, 5L << 32, 3L << 32));
    Stored header = new Stored("header");
    header.header = ALL_ONES;
    header.extra = wide(3L << 32);
    assertThat(of(header).entry("header"))
        .isEqualTo(new Entry("header", 8, 0x1234, 20, 50, 3L << 32));
    Stored none = new Stored("none");
    none.size = ALL_ONES;
    assertThat(of(none).entry("none").size()).isEqualTo(0xFFFFFFFFL);
    // A field that is too short for its values is used as far as it goes.
    Stored cut = new Stored("cut");
    cut.size = ALL_ONES;
    cut.stored = ALL_ONES;
    cut.extra = wide(5L << 32);
    assertThat(of(cut).entry("cut"))
        .isEqualTo(new Entry("cut", 8, 0x1234, 0xFFFFFFFFL, 5L << 32, 100));
  }

  @ParameterizedTest
  @CsvSource({
    "8, 50, 20, 100, 120, true",
    "8, 50, 20, 100, 119, false",
    "8, 50, 0, 100, 100, true",
    "8, 50, 0, 100, 99, false",
    "8, 0, 0, 0, 0, true",
    "0, 20, 20, 100, 1000, true",
    "0, 50, 20, 100, 1000, false"
  })
  void anEntryLiesWithinTheFile(
      int method, int size, int stored, int header, long file, boolean fits) throws Exception {
    Stored entry = new Stored("a");
    entry.method = method;
    entry.size = size;
    entry.stored = stored;
    entry.header = header;
    ZipDirectory directory = new ZipDirectory(bytes(List.of(entry)), 1, file);
    if (fits) {
      assertThat(directory.entry("a").stored()).isEqualTo(stored);
    } else {
      assertThatThrownBy(() -> directory.entry("a"))
          .isInstanceOf(CorruptTraceException.class)
          .hasMessage(
              "zip entry a claims %d bytes, %d of them in the file, from byte %d of %d"
                  .formatted(size, stored, header, file));
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "2"})
  void valuesBelowZeroAreRefused(int which) throws Exception {
    Stored entry = new Stored("a");
    entry.size = ALL_ONES;
    entry.stored = ALL_ONES;
    entry.header = ALL_ONES;
    long[] values = {10, 10, 10};
    values[which] = -1;
    entry.extra = wide(values);
    ZipDirectory directory = of(entry);
    assertThatThrownBy(() -> directory.entry("a")).isInstanceOf(CorruptTraceException.class);
  }

  @Test
  void whatIsNotReadIsNamed() throws Exception {
    Stored encrypted = new Stored("a");
    encrypted.flags = 1;
    Stored bzip2 = new Stored("b");
    bzip2.method = 12;
    ZipDirectory directory = of(encrypted, bzip2);
    assertThatThrownBy(() -> directory.entry("a"))
        .hasMessage("zip entry a is encrypted; only stored and deflated entries are read");
    assertThatThrownBy(() -> directory.entry("b"))
        .hasMessage("zip entry b is of method 12; only stored and deflated entries are read");
  }

  @Test
  void aDirectoryThatIsNotWholeIsRefused() throws Exception {
    Stored entry = new Stored("a");
    byte[] one = entry.bytes();
    assertThat(new ZipDirectory(little(one), 1, FILE).names()).containsExactly("a");
    assertThatThrownBy(() -> new ZipDirectory(little(one), 2, FILE))
        .hasMessage("the zip directory has no entry 1 of the 2 it claims");
    assertThatThrownBy(() -> new ZipDirectory(little(Arrays.copyOf(one, 46)), 1, FILE))
        .hasMessage("the zip directory ends inside entry 0");
    assertThatThrownBy(() -> new ZipDirectory(little(Arrays.copyOf(one, 45)), 1, FILE))
        .hasMessage("the zip directory has no entry 0 of the 1 it claims");
    assertThatThrownBy(() -> of(entry, entry)).hasMessage("zip entry a occurs twice");
    byte[] other = one.clone();
    other[0]++;
    assertThatThrownBy(() -> new ZipDirectory(little(other), 1, FILE))
        .hasMessageContaining("no entry 0");
  }
}
