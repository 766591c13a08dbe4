package io.sextant.schema.trace.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.trace.EngineDump;
import io.sextant.schema.trace.PackBytes;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.Requests;
import io.sextant.schema.trace.TraceReader;
import io.sextant.schema.trace.format.TraceFormats;
import io.sextant.schema.trace.pack.SextantPackReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParquetRowsReaderTest {
  private final List<RequestTrace> pack;

  ParquetRowsReaderTest() throws Exception {
    pack =
        Requests.of(
                new SextantPackReader(),
                Requests.file("pack", PackBytes.of("long-a-2").bytes()),
                EngineDump.MODEL)
            .accepted;
  }

  @Test
  void equalsThePackOfTheSameRequestsBestExpertFirst() throws Exception {
    TraceFile file = Requests.file("rows", ParquetRows.of(pack));
    TraceReader reader = TraceFormats.detect(file);
    assertThat(reader.format()).isEqualTo("parquet");
    assertThat(Requests.of(reader, file, EngineDump.MODEL).accepted)
        .usingRecursiveComparison()
        .ignoringFields("sourceRank")
        .isEqualTo(pack);
  }

  @Test
  void aRequestWhoseRowsAreApartIsRefused() throws Exception {
    RequestTrace first = pack.get(0);
    assertThat(fault(ParquetRows.of(List.of(first, pack.get(1), first))))
        .isEqualTo("request %d: its rows are not consecutive".formatted(first.requestId()));
    assertThat(fault(ParquetRows.of(List.of(first, first))))
        .isEqualTo("request %d: layer 1 has token 0 after token 254".formatted(first.requestId()));
  }

  @Test
  void otherParquetIsRefusedWithWhatIsExpected() throws Exception {
    byte[] sound = ParquetRows.of(pack.subList(0, 1));
    assertThat(fault(Arrays.copyOf(sound, sound.length - 100))).isNotEmpty();
    assertThat(fault(Arrays.copyOf(sound, 4))).isNotEmpty();
    byte[] renamed =
        new String(sound, StandardCharsets.ISO_8859_1)
            .replace("layer", "lager")
            .getBytes(StandardCharsets.ISO_8859_1);
    assertThat(fault(renamed))
        .isEqualTo(
            "the rows have no column layer; expected request_id, token, layer and indices, and"
                + " optionally scores, phase, domain, arrival_ms, source_rank");
  }

  @Test
  void rowsWithoutAPhaseAreUnphasedAndKeepTheirSourceRank() throws Exception {
    byte[] rows =
        ParquetRows.of(
            pack,
            schema ->
                schema.replace("optional binary phase (STRING);", "optional int32 source_rank;"));
    List<RequestTrace> read =
        Requests.of(new ParquetRowsReader(), Requests.file("rows", rows), EngineDump.MODEL)
            .accepted;
    assertThat(read)
        .extracting(RequestTrace::unphasedTokens)
        .isEqualTo(pack.stream().map(RequestTrace::tokens).toList());
    assertThat(read)
        .extracting(RequestTrace::sourceRank)
        .isEqualTo(pack.stream().map(RequestTrace::sourceRank).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "required int32 layer | required double layer | layer has to be whole numbers",
        "binary phase (STRING) | int32 phase | phase has to be texts",
        "optional int32 element | optional double element | indices has to be a list of numbers",
        "optional float element | optional int32 element | scores has to be a list of numbers",
        "repeated group list | optional group list | indices has to be a list of numbers",
      })
  void columnsOfAnotherTypeAreNamed(String column, String other, String problem) throws Exception {
    byte[] rows = ParquetRows.of(List.of(), schema -> schema.replace(column, other));
    assertThat(fault(rows)).startsWith("column " + problem + ", it is: ");
  }

  @Test
  void scoresMayBeDoubles() throws Exception {
    byte[] rows =
        ParquetRows.of(List.of(), schema -> schema.replace("float element", "double element"));
    assertThat(fault(rows)).isEqualTo("the file has no rows");
  }

  private static String fault(byte[] bytes) {
    return catchThrowableOfType(
            CorruptTraceException.class,
            () ->
                new ParquetRowsReader()
                    .verify(Requests.file("rows.parquet", bytes), EngineDump.MODEL))
        .getMessage();
  }
}
