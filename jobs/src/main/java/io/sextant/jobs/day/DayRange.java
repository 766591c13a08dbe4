package io.sextant.jobs.day;

/**
 * The first and the last day that rows cover.
 *
 * @param first first day, yyyy-MM-dd
 * @param last last day, yyyy-MM-dd
 */
public record DayRange(String first, String last) {}
