package io.sparkonnx.engine.kernel.simd;

import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.kernel.Window;
import java.util.ArrayList;
import java.util.List;

/** The layouts of planes that a task used lately, so that each is worked out once. */
final class PlaneLayouts {
  private static final int MOST = 256;

  private final List<PaddedPlanes> known = new ArrayList<>();
  private int next;

  /** A layout; parameters as for {@link PaddedPlanes#PaddedPlanes}. */
  static PaddedPlanes of(
      Window window, int[] spatial, int firstOutput, int outputs, int images, Scratch scratch) {
    PlaneLayouts layouts = scratch.kept(PlaneLayouts.class, PlaneLayouts::new);
    return layouts.find(window, spatial, firstOutput, outputs, images);
  }

  private PaddedPlanes find(
      Window window, int[] spatial, int firstOutput, int outputs, int images) {
    for (int i = 0; i < known.size(); i++) {
      if (known.get(i).isFor(window, spatial, firstOutput, outputs, images)) {
        return known.get(i);
      }
    }
    PaddedPlanes made = new PaddedPlanes(window, spatial, firstOutput, outputs, images);
    if (known.size() < MOST) {
      known.add(made);
    } else {
      known.set(next, made);
      next = (next + 1) % MOST;
    }
    return made;
  }
}
