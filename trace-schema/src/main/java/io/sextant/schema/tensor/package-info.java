/** Tensors in the containers that engines write: safetensors, NumPy arrays, torch files. */
package io.sextant.schema.tensor;
