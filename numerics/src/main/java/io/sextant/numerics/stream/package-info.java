/**
 * Plans for a drifting stream, window by window: each window is served with neurons that were
 * chosen from earlier windows, and is judged on its own importance.
 */
package io.sextant.numerics.stream;
