/** Files with the routing that vLLM returns or records. */
package io.sextant.schema.trace.vllm;
