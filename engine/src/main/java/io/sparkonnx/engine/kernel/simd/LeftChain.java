package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Tiles.WIDTH;

import io.sparkonnx.engine.kernel.GemmKernel.Layer;
import io.sparkonnx.engine.kernel.Scratch;

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

  /**
   * The right factor of the first product.
   *
   * @param b holds its elements
   * @param bOffset where they begin
   * @param rowStride from one of its rows to the next
   * @param columnStride from one of its columns to the next
   */
  record Right(float[] b, int bOffset, int rowStride, int columnStride) {}

  void multiply(Layer[] layers, int n, Right right, SimdGemm.Output c, Scratch scratch) {
    boolean few = n <= FewColumns.MOST;
    int width = few ? n : WIDTH;
    int length = longest(layers) * width;
    float[][] panels = {scratch.floats(0, length), scratch.floats(1, length)};
    float[] edge = scratch.floats(2, Tiles.MAX_HEIGHT * WIDTH);
    SimdGemm.Output[] outputs = outputs(layers, width, panels, c);
    for (int j = 0; j < n; j += width) {
      int columns = Math.min(width, n - j);
      pack(layers[0].weights().k(), columns, j, right, panels[0], width);
      for (int l = 0; l < layers.length; l++) {
        boolean last = l == layers.length - 1;
        if (few) {
          products.few(layers[l].weights(), n, panels[l % 2], 0, n, outputs[l], edge);
        } else {
          int wanted = last || columns == WIDTH ? columns : columns <= COUNT ? COUNT : WIDTH;
          products.panel(
              layers[l].weights(), panels[l % 2], last ? j : 0, wanted, outputs[l], edge);
        }
      }
    }
  }

  private static void pack(int k, int columns, int column, Right right, float[] panel, int width) {
    int from = right.bOffset + column * right.columnStride;
    if (width == WIDTH) {
      ColumnPanels.pack(k, columns, right.b, from, right.rowStride, right.columnStride, panel, 0);
      return;
    }
    for (int p = 0; p < k; p++) {
      for (int j = 0; j < columns; j++) {
        panel[p * width + j] = right.b[from + p * right.rowStride + j * right.columnStride];
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

  private static SimdGemm.Output[] outputs(
      Layer[] layers, int width, float[][] panels, SimdGemm.Output c) {
    SimdGemm.Output[] outputs = new SimdGemm.Output[layers.length];
    for (int l = 0; l + 1 < layers.length; l++) {
      outputs[l] = new SimdGemm.Output(layers[l].epilogue(), panels[(l + 1) % 2], 0, width);
    }
    outputs[layers.length - 1] = c;
    return outputs;
  }
}
