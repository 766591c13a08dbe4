/** The experts of a MoE layer on a device: grouped products, and the layer time of a placement. */
package io.sextant.gpu.expert;
