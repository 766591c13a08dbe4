/** What vLLM returns or records of its routing. */
package io.sextant.schema.trace.vllm;
