/** Plans that stay close to the map in force, within a limit of moved expert weights. */
package io.sextant.jobs.migrate;
