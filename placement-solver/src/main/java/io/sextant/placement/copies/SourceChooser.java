package io.sextant.placement.copies;

/**
 * One copy of each expert for each class of source GPUs: the GPU's number modulo the number of
 * classes.
 */
final class SourceChooser implements CopyChooser {
  private final CopyViews views;

  SourceChooser(CopyViews views) {
    this.views = views;
  }

  @Override
  public void choose(short[] ids, int from, int rows, int topK, int sourceGpu, int[] into) {
    int[] slot = views.slot();
    int base = sourceGpu % views.classes() * views.experts();
    for (int i = 0; i < rows * topK; i++) {
      into[i] = slot[base + ids[from + i]];
    }
  }
}
