package io.sextant.jobs.gpu.kernels;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A process that is ended if it prints nothing for some time. A kernel that hangs cannot be stopped
 * from within its process.
 *
 * @param command the command line
 * @param silence maximum time between two lines
 */
record WatchedProcess(List<String> command, Duration silence) {
  private static final String END = "\0";

  /**
   * Runs the process to its end.
   *
   * @param lines receives each line of its output
   * @return the reason why it did not end by itself with exit code 0; empty if it did
   */
  Optional<String> run(Consumer<String> lines) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BlockingQueue<String> queue = new LinkedBlockingQueue<>();
    Thread reader = new Thread(() -> read(process, queue), "output of a package");
    reader.setDaemon(true);
    reader.start();
    try {
      while (true) {
        String line = queue.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
        if (line == null) {
          return Optional.of(
              "it did not return within %d s and was ended".formatted(silence.toSeconds()));
        }
        if (line.equals(END)) {
          break;
        }
        lines.accept(line);
      }
      int code = process.waitFor();
      return code == 0
          ? Optional.empty()
          : Optional.of("its process ended with exit code %d".formatted(code));
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
  }

  private static void read(Process process, BlockingQueue<String> queue) {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      output.lines().forEach(queue::add);
    } catch (IOException | UncheckedIOException e) {
      // The process was ended in the middle of a line.
    } finally {
      queue.add(END);
    }
  }
}
