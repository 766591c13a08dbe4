/**
 * Plans a drifting stream window by window: each window is served with neurons that were chosen
 * from the windows before it, and judged on its own importance.
 */
package io.sextant.numerics.stream;
