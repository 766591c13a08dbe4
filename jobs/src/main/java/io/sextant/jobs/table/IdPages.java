package io.sextant.jobs.table;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.bitpacking.BytePacker;
import org.apache.parquet.column.values.bitpacking.Packer;

/**
 * Writes the column of lists of expert ids in one row group. An id is its own dictionary index: the
 * dictionary is 0, 1, 2 and so on, and the pages contain the bit-packed ids with the minimum number
 * of bits, without a dictionary lookup per id (parquet-format, Encodings.md, "Dictionary
 * Encoding"). Any Parquet reader can read it.
 */
final class IdPages {
  private static final int PAGE_IDS = 1 << 18;

  /**
   * Groups of 8 per run, the same number as in parquet-java, because readers unpack a whole run at
   * once.
   */
  private static final int MOST_GROUPS_A_RUN = 63;

  private static final int GROUP = 8;

  private final ColumnDescriptor column;
  private final PageWriter pages;
  private final ListLevels levels;

  private int[] ids = new int[PAGE_IDS];
  private int size;
  private int dictionarySize;

  IdPages(ColumnDescriptor column, PageWriter pages) {
    this.column = column;
    this.pages = pages;
    this.levels = new ListLevels(column.getMaxDefinitionLevel());
  }

  /** Adds the list of a row; ids must not be negative. */
  void add(short[] list) throws IOException {
    if (list.length > PAGE_IDS - size) {
      writePage();
      if (list.length > ids.length) {
        ids = new int[list.length + GROUP];
      }
    }
    for (int i = 0; i < list.length; i++) {
      ids[size + i] = list[i];
    }
    size += list.length;
    levels.add(list.length);
  }

  /** Completes the column of the row group. */
  void flush() throws IOException {
    writePage();
    ByteBuffer dictionary =
        ByteBuffer.allocate(dictionarySize * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int id = 0; id < dictionarySize; id++) {
      dictionary.putInt(id);
    }
    pages.writeDictionaryPage(
        new DictionaryPage(
            BytesInput.from(dictionary.array()), dictionarySize, Encoding.PLAIN_DICTIONARY));
  }

  /** Memory that the pages take so far. */
  long bytes() {
    return pages.getMemSize() + size;
  }

  private void writePage() throws IOException {
    if (levels.isEmpty()) {
      return;
    }
    Statistics<?> statistics = Statistics.createStats(column.getPrimitiveType());
    int most = 0;
    if (size > 0) {
      int least = ids[0];
      for (int i = 0; i < size; i++) {
        least = Math.min(least, ids[i]);
        most = Math.max(most, ids[i]);
      }
      statistics.updateStats(least);
      statistics.updateStats(most);
      dictionarySize = Math.max(dictionarySize, most + 1);
    }
    levels.writePage(pages, packed(most), size, statistics, Encoding.PLAIN_DICTIONARY);
    size = 0;
  }

  /** The bits of an id, then runs of bit-packed groups. */
  private byte[] packed(int most) {
    int bits = Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(most));
    BytePacker packer = Packer.LITTLE_ENDIAN.newBytePacker(bits);
    int groups = (size + GROUP - 1) / GROUP;
    if (groups * GROUP > ids.length) {
      ids = Arrays.copyOf(ids, groups * GROUP);
    }
    Arrays.fill(ids, size, groups * GROUP, 0);
    int runs = (groups + MOST_GROUPS_A_RUN - 1) / MOST_GROUPS_A_RUN;
    byte[] packed = new byte[1 + runs + groups * bits];
    packed[0] = (byte) bits;
    int at = 1;
    for (int group = 0; group < groups; group++) {
      if (group % MOST_GROUPS_A_RUN == 0) {
        packed[at++] = (byte) (Math.min(MOST_GROUPS_A_RUN, groups - group) << 1 | 1);
      }
      packer.pack8Values(ids, group * GROUP, packed, at);
      at += bits;
    }
    return packed;
  }
}
