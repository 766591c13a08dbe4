package io.sextant.jobs.cli;

import java.util.List;
import java.util.Optional;

/** What a command says of its own run to whoever observes it. */
public final class RunNotes {
  private final boolean wanted;
  private volatile String runId;
  private volatile List<String> tables = List.of();
  private volatile Plan plan;

  /**
   * A plan that the run wrote or put in force.
   *
   * @param path the file or folder of the plan
   * @param id the plan's id
   */
  public record Plan(String path, String id) {}

  private RunNotes(boolean wanted) {
    this.wanted = wanted;
  }

  /** The notes of a run that is observed. */
  static RunNotes wanted() {
    return new RunNotes(true);
  }

  /** The notes of a run that nobody observes. */
  public static RunNotes unread() {
    return new RunNotes(false);
  }

  /** Whether the run is observed; otherwise it need not find out what it wrote. */
  public boolean areWanted() {
    return wanted;
  }

  /**
   * Notes the rows of a run.
   *
   * @param id the id under which they are in the tables
   * @param written the names of the tables that the run wrote
   */
  public void ran(String id, List<String> written) {
    runId = id;
    tables = List.copyOf(written);
  }

  public void planned(String path, String id) {
    plan = new Plan(path, id);
  }

  /** The id of the run in the tables; empty if it wrote no rows. */
  public Optional<String> runId() {
    return Optional.ofNullable(runId);
  }

  /** The names of the tables that the run wrote. */
  public List<String> tables() {
    return tables;
  }

  public Optional<Plan> plan() {
    return Optional.ofNullable(plan);
  }
}
