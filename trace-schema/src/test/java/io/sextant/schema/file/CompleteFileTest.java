package io.sextant.schema.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompleteFileTest {
  @TempDir private Path folder;

  @Test
  void replacesAFile() throws IOException {
    Path file = folder.resolve("n".repeat(250) + ".json");
    CompleteFile.write(file, "old");
    CompleteFile.write(file, "new");
    assertThat(file).hasContent("new");
    assertThat(folder.toFile().list()).hasSize(1);
  }

  @Test
  void keepsTheLinkThatNamesTheFile() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    CompleteFile.write(link, "new");
    assertThat(link).isSymbolicLink();
    assertThat(file).hasContent("new");
  }

  @Test
  void aFailureLeavesWhatWasThere() throws IOException {
    Path full = Files.createDirectories(folder.resolve("folder"));
    Files.writeString(full.resolve("kept"), "old");
    assertThatThrownBy(() -> CompleteFile.write(full, "new")).isInstanceOf(IOException.class);
    assertThat(full.resolve("kept")).hasContent("old");
    assertThat(folder.toFile().list()).containsExactly("folder");
  }

  @Test
  void aDeviceIsNotReplaced() throws IOException {
    CompleteFile.write(Path.of("/dev/null"), "text");
    assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
  }
}
