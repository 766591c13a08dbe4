/** Files of TensorRT-LLM's expert statistics. */
package io.sextant.schema.trace.tensorrt;
