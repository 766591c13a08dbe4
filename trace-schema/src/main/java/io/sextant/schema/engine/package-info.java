/**
 * Knowledge about the engines that load placement maps: the options they need, ignore or fail with.
 * The facts are data with their sources, one YAML resource per engine.
 */
package io.sextant.schema.engine;
