package io.sextant.jobs.lock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * The holder of a lock.
 *
 * @param host name of the machine
 * @param system boot and process-id namespace, which distinguish systems with the same name; empty
 *     if the system does not provide them
 * @param pid process id
 * @param processStarted time at which the process began, because process ids are reused; ISO 8601,
 *     or empty
 * @param runId id of the run
 * @param command name of the command
 * @param since time at which it took the lock, ISO 8601
 * @param nonce random text that is unique to this holder
 * @param released whether it has released the lock
 */
record LockHolder(
    String host,
    String system,
    long pid,
    String processStarted,
    String runId,
    String command,
    String since,
    String nonce,
    boolean released) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Describes this process as a holder. */
  static LockHolder here(String runId, String command, Instant since, String nonce)
      throws IOException {
    ProcessHandle process = ProcessHandle.current();
    return new LockHolder(
        InetAddress.getLocalHost().getHostName(),
        systemHere(),
        process.pid(),
        started(process),
        runId,
        command,
        since.toString(),
        nonce,
        false);
  }

  LockHolder done() {
    return new LockHolder(host, system, pid, processStarted, runId, command, since, nonce, true);
  }

  /** Whether the holder's processes are visible from this process. */
  boolean sameSystem(LockHolder other) {
    return !system.isEmpty() && host.equals(other.host) && system.equals(other.system);
  }

  /** Whether its process is running; valid only on its own system. */
  boolean alive() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .map(process -> processStarted.isEmpty() || started(process).equals(processStarted))
        .orElse(false);
  }

  /** The holder as text for messages. */
  String describe() {
    return "%s, run %s, process %d on %s, since %s".formatted(command, runId, pid, host, since);
  }

  byte[] toJson() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("host", host)
        .put("system", system)
        .put("pid", pid)
        .put("process_started", processStarted)
        .put("run_id", runId)
        .put("command", command)
        .put("since", since)
        .put("nonce", nonce)
        .put("released", released);
    return (root.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Empty if the text is not a valid holder. */
  static Optional<LockHolder> parse(byte[] json) {
    try {
      JsonNode root = JSON.readTree(json);
      return Optional.of(
          new LockHolder(
              root.required("host").textValue(),
              root.required("system").textValue(),
              root.required("pid").longValue(),
              root.required("process_started").textValue(),
              root.required("run_id").textValue(),
              root.required("command").textValue(),
              root.required("since").textValue(),
              root.required("nonce").textValue(),
              root.required("released").booleanValue()));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("");
  }

  private static String systemHere() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip()
          + " "
          + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
    } catch (IOException e) {
      // Without this information (not Linux), only the heartbeat shows whether the holder lives.
      return "";
    }
  }
}
