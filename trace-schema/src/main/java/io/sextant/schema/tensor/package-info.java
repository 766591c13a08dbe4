/**
 * Tensors in the containers that engines write: safetensors files, NumPy arrays and torch files.
 */
package io.sextant.schema.tensor;
