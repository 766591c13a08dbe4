/**
 * Planners to compare with, from their published code or descriptions: DeepSeek's EPLB, FlashLB of
 * vLLM-Ascend, grouping by co-activation as several papers describe it, and the linear map of the
 * engines. Each class names its sources.
 */
package io.sextant.placement.baseline;
