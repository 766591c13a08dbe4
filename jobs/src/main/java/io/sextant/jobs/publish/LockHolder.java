package io.sextant.jobs.publish;

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
 * Who holds a lock.
 *
 * @param host name of the machine
 * @param system what tells systems of one name apart: the boot and the process-id namespace; empty
 *     where the system does not say
 * @param pid process id
 * @param processStarted when the process began, for ids are used again; ISO 8601, or empty
 * @param runId the run
 * @param command what it does
 * @param since when it took the lock, ISO 8601
 * @param nonce drawn for this holder alone
 * @param released whether it is done
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

  /** This process. */
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

  /** Whether the processes of that holder can be seen from here. */
  boolean sameSystem(LockHolder other) {
    return !system.isEmpty() && host.equals(other.host) && system.equals(other.system);
  }

  /** Whether its process runs; only to be asked on its own system. */
  boolean alive() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .map(process -> processStarted.isEmpty() || started(process).equals(processStarted))
        .orElse(false);
  }

  /** For people. */
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

  /** Empty where it is not one. */
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
      // Not Linux: the heartbeat has to tell.
      return "";
    }
  }
}
