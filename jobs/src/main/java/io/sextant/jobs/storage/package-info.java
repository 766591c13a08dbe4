/** Names of files as users write them, local files, and storage that cannot be reached. */
package io.sextant.jobs.storage;
