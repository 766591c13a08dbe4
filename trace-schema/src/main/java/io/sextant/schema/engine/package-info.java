/**
 * What is known of the engines that load placement maps: the options they need, ignore or break
 * with. The facts are data with their sources, a YAML resource for each engine.
 */
package io.sextant.schema.engine;
