/**
 * Other traffic than was recorded: other shares of labels, or some hours of the day only, for plans
 * that are made before a launch, a migration of tenants or peak hours.
 */
package io.sextant.jobs.mix;
