/** Zip files read forward from any storage, as torch and NumPy write them. */
package io.sextant.schema.zip;
