package io.sextant.jobs.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.TestPacks;
import io.sextant.jobs.ingest.FileResult.Fault;
import io.sextant.jobs.ingest.FileResult.Status;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceFiles;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.format.FormatChoice;
import io.sextant.schema.trace.pack.SextantPackWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests how often a file is opened, and the result for a file that changes meanwhile. */
class ChangingFilesTest {
  private static final ModelSpec MODEL = ModelSpecs.load("sextant-128x8");

  @TempDir private Path folder;

  private Path file;
  private int opened;

  /** Runs before the n-th opening of the file, counted from 1. */
  private int time;

  private Change change;

  private interface Change {
    void run() throws IOException;
  }

  @BeforeEach
  void smallFile() throws IOException {
    file = folder.resolve("day.safetensors");
    Files.write(file, TestPacks.plain("day01-12"));
  }

  @Test
  void aSmallFileIsOpenedOnceInEachPass() throws Exception {
    NewFile identified = identify();
    assertThat(opened).isEqualTo(1);
    assertThat(identified.format()).isEqualTo("pack");
    IngestTask.Result result = read(identified);
    assertThat(opened).isEqualTo(2);
    assertThat(result.files()).extracting(FileResult::status).containsExactly(Status.INGESTED);
    assertThat(result.files().get(0).requests()).isEqualTo(12);
  }

  @Test
  void aLargeFileIsVerifiedBeforeItIsRead() throws Exception {
    largeFile();
    NewFile identified = identify();
    assertThat(opened).isEqualTo(1);
    IngestTask.Result result = read(identified);
    assertThat(opened).isEqualTo(3);
    assertThat(result.files().get(0).requests()).isEqualTo(1_500);
    // The tables traces and requests have a file for each of the five days.
    assertThat(result.parquet()).hasSize(10).allMatch(path -> Files.exists(Path.of(path)));
  }

  @Test
  void aFormatThatIdentifiesTokensDoesNotOpenTheFileAgain() throws Exception {
    file = TestPacks.resource("formats/sglang/expert_distribution_recorder_1757203300.0_0.pt");
    assertThat(identify().format()).isEqualTo("sglang");
    assertThat(opened).isEqualTo(1);
  }

  @Test
  void aFileThatGrewIsNotKept() throws Exception {
    NewFile identified = identify();
    Files.write(file, new byte[] {1}, StandardOpenOption.APPEND);
    assertChanged(read(identified));
  }

  @Test
  void aFileThatWasWrittenAgainIsNotKept() throws Exception {
    NewFile identified = identify();
    Files.setLastModifiedTime(file, FileTime.fromMillis(identified.modifiedMillis() + 1));
    assertChanged(read(identified));
  }

  @Test
  void otherBytesUnderTheSameTimeAreNoticed() throws Exception {
    NewFile identified = identify();
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, FileTime.fromMillis(identified.modifiedMillis()));
    assertChanged(read(identified));
  }

  @Test
  void nothingCountsOfALargeFileThatChangesBetweenVerifyingAndReading() throws Exception {
    largeFile();
    NewFile identified = identify();
    time = 3;
    change =
        () -> {
          byte[] bytes = Files.readAllBytes(file);
          Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        };
    assertChanged(read(identified));
    assertThat(opened).isEqualTo(3);
  }

  @Test
  void otherFilesOfTheTaskAreKept() throws Exception {
    NewFile sound = identify();
    Path first = file;
    file = Files.write(folder.resolve("growing.safetensors"), TestPacks.plain("long-a-2"));
    NewFile growing = identify();
    Files.write(file, new byte[] {1}, StandardOpenOption.APPEND);
    file = first;
    IngestTask.Result result = read(growing, sound);
    assertThat(result.files())
        .extracting(FileResult::status)
        .containsExactly(Status.CHANGED, Status.INGESTED);
    assertThat(result.parquet()).isNotEmpty();
    IngestSummary summary = new IngestSummary(result.files(), 0, List.of());
    assertThat(summary.quarantinedFiles()).isEqualTo(1);
    assertThat(summary.text())
        .contains("1 files and 0 requests quarantined")
        .contains(
            "growing.safetensors: it changed while it was read; ingest it again when it is"
                + " complete");
  }

  private static void assertChanged(IngestTask.Result result) {
    assertThat(result.files()).extracting(FileResult::status).containsExactly(Status.CHANGED);
    assertThat(result.files().get(0).faults())
        .containsExactly(
            new Fault(-1, "it changed while it was read; ingest it again when it is complete"));
    assertThat(result.files().get(0).requests()).isZero();
    assertThat(result.parquet()).isEmpty();
    assertThat(result.clocks()).isEmpty();
  }

  /** All sample days in one plain pack. */
  private void largeFile() throws Exception {
    List<RequestTrace> requests = new ArrayList<>();
    for (int day = 4; day <= 8; day++) {
      requests.addAll(
          TestPacks.read(
              TestPacks.samples().resolve("day%02d.safetensors.zst".formatted(day)), MODEL));
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      SextantPackWriter.write(out, MODEL, requests);
    }
    assertThat(Files.size(file)).isGreaterThan(FileInMemory.MOST_BYTES);
  }

  private NewFile identify() throws IOException {
    return NewFiles.identify(file.toString(), open(file.toString()), FormatChoice.DETECTED);
  }

  private IngestTask.Result read(NewFile... files) throws IOException {
    String staging = folder.resolve("staging").toString();
    return new IngestTask(MODEL, FormatChoice.DETECTED, staging, "1", true)
        .run(List.of(files), "00000-0", this::open);
  }

  /** The current file, with its openings counted. */
  private TraceFile open(String path) throws IOException {
    TraceFile now = TraceFiles.local(Path.of(path));
    return new TraceFile() {
      @Override
      public String path() {
        return now.path();
      }

      @Override
      public long length() {
        return now.length();
      }

      @Override
      public long modifiedMillis() {
        return now.modifiedMillis();
      }

      @Override
      public InputStream open() throws IOException {
        opened++;
        if (opened == time) {
          change.run();
        }
        return now.open();
      }
    };
  }
}
