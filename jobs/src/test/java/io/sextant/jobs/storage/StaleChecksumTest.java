package io.sextant.jobs.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StaleChecksumTest {
  @TempDir private Path folder;

  @Test
  void namesTheFileAndTheRemedyOnOneLine() throws IOException {
    Path file = folder.resolve("part 1.parquet");
    Throwable thrown = readWithWrongChecksum(file);
    assertThat(StaleChecksum.of(new IllegalStateException("a task failed", thrown)))
        .hasValueSatisfying(
            wrong ->
                assertThat(wrong)
                    .hasMessageStartingWith(file + ": it does not match its checksum file")
                    .hasMessageContaining(".part 1.parquet.crc. Restore it")
                    .hasMessageNotContaining("\n"));
  }

  /** The exceptions of tasks on executors arrive as text. */
  @Test
  void isFoundInTheTextOfSpark() throws IOException {
    Path file = folder.resolve("a.parquet");
    String text = "Job aborted: " + readWithWrongChecksum(file) + "\n\tat org.apache.hadoop.fs.X";
    assertThat(StaleChecksum.of(new IllegalStateException(text)))
        .hasValueSatisfying(wrong -> assertThat(wrong).hasMessageStartingWith(file + ": "));
  }

  /** What Hadoop says if it skips to a position in the file. */
  @Test
  void mayHaveNoExpectedSum() {
    String text = "ChecksumException: Checksum error: file:/w/a.parquet at 560128";
    for (String message : List.of(text, text + "\n\tat org.apache.hadoop.fs.X")) {
      assertThat(StaleChecksum.of(new IllegalStateException(message)))
          .hasValueSatisfying(wrong -> assertThat(wrong).hasMessageStartingWith("/w/a.parquet: "));
    }
  }

  @Test
  void otherFailuresAreNotMeant() {
    assertThat(StaleChecksum.of(new IOException("No space left on device"))).isEmpty();
  }

  private static IOException readWithWrongChecksum(Path file) throws IOException {
    Files.writeString(file, "the content of a later file");
    byte[] crc = "crc\0\0\0\2\0\1\2\3\4".getBytes(StandardCharsets.ISO_8859_1);
    Files.write(file.resolveSibling("." + file.getFileName() + ".crc"), crc);
    org.apache.hadoop.fs.Path path = Storage.path(file.toString());
    FileSystem fileSystem = Storage.fileSystem(path);
    try (FSDataInputStream in = fileSystem.open(path)) {
      in.readAllBytes();
    } catch (IOException e) {
      return e;
    }
    throw new AssertionError("the checksum was not compared");
  }
}
