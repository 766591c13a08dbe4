/** The predicted time of a layer: expert work on a GPU, and transfers between GPUs and nodes. */
package io.sextant.placement.cost;
