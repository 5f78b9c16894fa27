package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Tiles.WIDTH;

import io.sparkonnx.engine.kernel.GemmKernel.Layer;
import io.sparkonnx.engine.kernel.Scratch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Chains of products with constant left factors. Each panel of columns goes through all of them
 * before the next one starts: a product writes the panel that the next one reads, and only columns
 * of the first right factor are copied.
 */
final class LeftChain {
  private final LeftGemm products;

  LeftChain(LeftGemm products) {
    this.products = products;
  }

  /** Working memory and places of the products before the last, kept from call to call. */
  private static final class Between {
    private final float[][] panels = new float[2][];
    private final List<SimdGemm.Output> outputs = new ArrayList<>();

    void lay(Layer[] layers, int width, Scratch scratch) {
      int length = longest(layers) * width;
      panels[0] = scratch.floats(0, length);
      panels[1] = scratch.floats(1, length);
      for (int l = 0; l + 1 < layers.length; l++) {
        if (l == outputs.size()) {
          outputs.add(new SimdGemm.Output());
        }
        outputs.get(l).set(layers[l].epilogue(), panels[(l + 1) % 2], 0, width);
      }
    }

    /** Lets go of the arrays. */
    void leave() {
      Arrays.fill(panels, null);
      for (int l = 0; l < outputs.size(); l++) {
        outputs.get(l).leave();
      }
    }
  }

  /**
   * Multiplies all.
   *
   * @param b elements of the right factor of the first product, from {@code bOffset} on
   * @param rowStride from one of its rows to the next
   * @param columnStride from one of its columns to the next
   * @param c the last product's output
   */
  void multiply(
      Layer[] layers,
      int n,
      float[] b,
      int bOffset,
      int rowStride,
      int columnStride,
      SimdGemm.Output c,
      Scratch scratch) {
    boolean few = n <= FewColumns.MOST;
    int width = few ? n : WIDTH;
    Between between = scratch.kept(Between.class, Between::new);
    between.lay(layers, width, scratch);
    float[][] panels = between.panels;
    float[] edge = scratch.floats(2, Tiles.MAX_HEIGHT * WIDTH);
    for (int j = 0; j < n; j += width) {
      int columns = Math.min(width, n - j);
      int k = layers[0].weights().k();
      pack(k, columns, b, bOffset + j * columnStride, rowStride, columnStride, panels[0], width);
      for (int l = 0; l < layers.length; l++) {
        boolean last = l == layers.length - 1;
        SimdGemm.Output output = last ? c : between.outputs.get(l);
        if (few) {
          products.few(layers[l].weights(), n, panels[l % 2], 0, n, output, edge);
        } else {
          int wanted = last || columns == WIDTH ? columns : columns <= COUNT ? COUNT : WIDTH;
          products.panel(layers[l].weights(), panels[l % 2], last ? j : 0, wanted, output, edge);
        }
      }
    }
    between.leave();
  }

  private static void pack(
      int k,
      int columns,
      float[] b,
      int from,
      int rowStride,
      int columnStride,
      float[] panel,
      int width) {
    if (width == WIDTH) {
      ColumnPanels.pack(k, columns, b, from, rowStride, columnStride, panel, 0);
      return;
    }
    for (int p = 0; p < k; p++) {
      for (int j = 0; j < columns; j++) {
        panel[p * width + j] = b[from + p * rowStride + j * columnStride];
      }
    }
  }

  private static int longest(Layer[] layers) {
    int longest = 0;
    for (Layer layer : layers) {
      longest = Math.max(longest, layer.weights().k());
    }
    return longest;
  }
}
