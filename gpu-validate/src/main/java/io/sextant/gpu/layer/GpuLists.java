package io.sextant.gpu.layer;

import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.cuda.DeviceResources;
import io.sextant.gpu.expert.ExpertLayer;
import io.sextant.gpu.kernel.LayerKernels;
import java.util.ArrayList;
import java.util.List;

/** A GPU's part of a {@link LayerPlan}, in its memory. */
final class GpuLists implements AutoCloseable {
  private final List<LayerGpu> gpus;
  private final LayerShape shape;
  private final List<LayerKernels.Rows> dispatch = new ArrayList<>();
  private final List<LayerKernels.Sums> combine = new ArrayList<>();
  private final List<Boolean> finalOutputs = new ArrayList<>();
  private final ExpertLayer.Work work;
  private final DeviceResources resources = new DeviceResources();

  /**
   * Copies the lists to a GPU.
   *
   * @param gpus all GPUs, whose memory the lists name
   */
  GpuLists(List<LayerGpu> gpus, int gpu, LayerShape shape, LayerPlan plan) {
    this.gpus = gpus;
    this.shape = shape;
    gpus.get(gpu).makeCurrent();
    try {
      for (List<PullList> step : plan.dispatch()) {
        dispatch.add(rows(step.get(gpu)));
      }
      work = resources.hold(gpus.get(gpu).experts().prepare(plan.rowsOfSlot().get(gpu)));
      for (List<ReduceList> step : plan.combine()) {
        combine.add(sums(step.get(gpu)));
        finalOutputs.add(step.get(gpu).finalOutputs());
      }
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  private LayerKernels.Rows rows(PullList list) {
    long[] from = new long[list.from().size()];
    long[] scales = new long[from.length];
    for (int i = 0; i < from.length; i++) {
      PullList.Place place = list.from().get(i);
      LayerGpu owner = gpus.get(place.gpu());
      DeviceBuffer values = place.token() ? owner.tokens() : owner.experts().rows();
      DeviceBuffer scale = place.token() ? owner.tokenScales() : owner.experts().rowScales();
      from[i] = values.address() + (long) place.row() * shape.dispatchBytes();
      scales[i] = scale.address() + (long) place.row() * Float.BYTES;
    }
    return new LayerKernels.Rows(
        held(DeviceBuffer.of(from)),
        shape.e4m3() ? held(DeviceBuffer.of(scales)) : null,
        held(DeviceBuffer.of(list.to())),
        held(DeviceBuffer.of(list.starts())),
        from.length,
        list.limited());
  }

  private LayerKernels.Sums sums(ReduceList list) {
    long[] from = new long[list.from().size()];
    for (int i = 0; i < from.length; i++) {
      PullList.Place place = list.from().get(i);
      from[i] =
          gpus.get(place.gpu()).experts().outputs().address()
              + (long) place.row() * shape.combineBytes();
    }
    return new LayerKernels.Sums(
        held(DeviceBuffer.of(from)),
        held(DeviceBuffer.of(list.weights())),
        held(DeviceBuffer.of(list.starts())),
        held(DeviceBuffer.of(list.limitedUntil())),
        list.sums(),
        list.firstTarget());
  }

  private DeviceBuffer held(DeviceBuffer buffer) {
    return resources.hold(buffer);
  }

  List<LayerKernels.Rows> dispatch() {
    return dispatch;
  }

  ExpertLayer.Work work() {
    return work;
  }

  List<LayerKernels.Sums> combine() {
    return combine;
  }

  /** Whether a step of combine writes the layer's outputs. */
  boolean finalOutputs(int step) {
    return finalOutputs.get(step);
  }

  @Override
  public void close() {
    resources.close();
  }
}
