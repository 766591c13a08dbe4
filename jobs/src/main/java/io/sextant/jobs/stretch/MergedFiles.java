package io.sextant.jobs.stretch;

import io.sextant.jobs.window.ArrivalOrder;
import io.sextant.schema.trace.RequestTrace;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Reads files at once and takes from them the request that comes first in {@link ArrivalOrder},
 * among the next requests of all files. Readers push requests, so each file has a thread, which
 * waits while a few of its requests have not been taken.
 */
final class MergedFiles implements AutoCloseable {
  private static final int MOST_WAITING = 8;

  private final List<Reading> readings;

  /** Reads a file and passes its requests on. */
  interface FileReader {
    void read(String path, Consumer<RequestTrace> to) throws IOException;
  }

  MergedFiles(List<String> paths, FileReader reader) {
    this.readings = paths.stream().map(path -> new Reading(path, reader)).toList();
  }

  /**
   * Passes every request with the path of its file.
   *
   * @throws IOException if a file cannot be read
   */
  void forEach(BiConsumer<String, RequestTrace> to) throws IOException {
    readings.forEach(Reading::start);
    for (Reading reading : readings) {
      reading.advance();
    }
    for (Reading first = first(); first != null; first = first()) {
      to.accept(first.path, first.head);
      first.advance();
    }
  }

  private Reading first() {
    Reading first = null;
    for (Reading reading : readings) {
      boolean earlier =
          reading.head != null
              && (first == null || ArrivalOrder.OF_REQUESTS.compare(reading.head, first.head) < 0);
      first = earlier ? reading : first;
    }
    return first;
  }

  /** Ends the threads of files that were not read to their end. */
  @Override
  public void close() {
    readings.forEach(Thread::interrupt);
  }

  /**
   * The message of a reading thread.
   *
   * @param request the next request; null at the end of the file
   * @param failure the reason why the file cannot be read further; null if it was read
   */
  private record Message(RequestTrace request, Throwable failure) {}

  private static final class Reading extends Thread {
    private final String path;
    private final FileReader reader;
    private final BlockingQueue<Message> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private RequestTrace head;

    Reading(String path, FileReader reader) {
      super("read " + path);
      setDaemon(true);
      this.path = path;
      this.reader = reader;
    }

    @Override
    public void run() {
      Throwable failure = null;
      try {
        reader.read(path, request -> put(new Message(request, null)));
      } catch (IOException | RuntimeException | Error e) {
        failure = e;
      }
      if (!isInterrupted()) {
        put(new Message(null, failure));
      }
    }

    private void put(Message message) {
      try {
        waiting.put(message);
      } catch (InterruptedException e) {
        interrupt();
        throw new IllegalStateException("The requests of " + path + " are no longer needed", e);
      }
    }

    private void advance() throws IOException {
      Message message;
      try {
        message = waiting.take();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("Interrupted while reading " + path, e);
      }
      if (message.failure() instanceof IOException e) {
        throw e;
      } else if (message.failure() instanceof RuntimeException e) {
        throw e;
      } else if (message.failure() instanceof Error e) {
        throw e;
      }
      head = message.request();
    }
  }
}
