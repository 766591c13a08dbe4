package io.sextant.jobs.group;

import io.sextant.jobs.window.LayerTrace;
import java.io.Serializable;

/**
 * The signatures of requests in a layer.
 *
 * @param layer absolute id
 * @param information shape [experts]: how well each expert distinguishes requests
 * @param signatures shape [sample][experts]
 */
record LayerSignatures(int layer, double[] information, double[][] signatures)
    implements Serializable {

  /**
   * @param sample number of requests to take, evenly spaced
   */
  static LayerSignatures of(LayerTrace trace, int sample) {
    double[] information = trace.requests().information();
    double[][] signatures = new double[sample][information.length];
    for (int i = 0; i < sample; i++) {
      int request = (int) ((long) i * trace.requests().requests() / sample);
      trace.requests().signature(request, information, signatures[i]);
    }
    return new LayerSignatures(trace.layer(), information, signatures);
  }
}
