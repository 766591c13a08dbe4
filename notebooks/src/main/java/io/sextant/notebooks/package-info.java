/** What the notebooks share: SQL over the warehouse's Parquet, and plots of what it gives. */
package io.sextant.notebooks;
