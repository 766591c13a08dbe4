package io.sextant.numerics.gemm;

import io.sextant.schema.spec.ModelSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * A matrix product of a model: outputs[tokens, out] = activations[tokens, k] x weights[out, k]
 * transposed.
 *
 * @param name {@code attn.qkv}, {@code mlp.down}, ...; gate and up are one product
 * @param input input of the product; if a squared ReLU precedes the product, every kernel's time
 *     includes it, and 2:4 sparse kernels are measured too
 */
public record GemmSite(String name, int out, int k, GemmInput input) {

  /** A product without a squared ReLU before it. */
  public GemmSite(String name, int out, int k) {
    this(name, out, k, GemmInput.ACTIVATIONS);
  }

  /** Whether a squared ReLU precedes the product. */
  public boolean afterSquaredRelu() {
    return input == GemmInput.BEFORE_SQUARED_RELU;
  }

  /** The products of one layer whose shapes follow from a model's configuration. */
  public static List<GemmSite> of(ModelSpec model) {
    List<GemmSite> sites = new ArrayList<>();
    ModelSpec.Attention attention = model.attention();
    if (attention != null) {
      int queries = attention.heads() * attention.headDim();
      int keysAndValues = 2 * attention.keyValueHeads() * attention.headDim();
      sites.add(new GemmSite("attn.qkv", queries + keysAndValues, model.hidden()));
      sites.add(new GemmSite("attn.out", model.hidden(), queries));
    }
    if (model.denseActivation() == ModelSpec.Activation.SQUARED_RELU
        && model.denseIntermediate() > 0) {
      sites.add(new GemmSite("mlp.up", model.denseIntermediate(), model.hidden()));
      sites.add(
          new GemmSite(
              "mlp.down",
              model.hidden(),
              model.denseIntermediate(),
              GemmInput.BEFORE_SQUARED_RELU));
    } else {
      addMlp(sites, "mlp", model.hidden(), model.denseIntermediate());
    }
    addMlp(sites, "shared", model.hidden(), model.sharedExperts() * model.expertIntermediate());
    if (model.sharedExperts() != 1) {
      // One shared expert has the shape of a routed one.
      addMlp(sites, "expert", model.hidden(), model.expertIntermediate());
    }
    return sites;
  }

  private static void addMlp(List<GemmSite> sites, String name, int hidden, int inner) {
    if (inner > 0) {
      sites.add(new GemmSite(name + ".gate_up", 2 * inner, hidden));
      sites.add(new GemmSite(name + ".down", hidden, inner));
    }
  }
}
