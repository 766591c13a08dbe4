/** File names as users write them, local files, and errors of storage. */
package io.sextant.jobs.storage;
