package io.sparkonnx.engine.op.matrix;

import io.sparkonnx.engine.kernel.GemmKernel;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Layout;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * Some {@link ColumnProduct}s, each of the one before, with the bits of these: Y[N, M] for X[K, M],
 * or for X[M, K] where that comes by rows. The inputs are X, and B and C of each product.
 *
 * @param products one at least
 * @param fromRows whether X comes by rows
 */
public record ColumnProducts(List<ColumnProduct> products, boolean fromRows) implements Operator {
  /** Inputs of each product beside what it multiplies. */
  private static final int CONSTANTS = 2;

  /** Multiplications between two looks at whether the run is cancelled: some ten milliseconds. */
  private static final long SLICE_PRODUCTS = 500_000_000;

  private static final int MAX_SLICE = 1 << 20;

  /** Slices have a multiple of so many columns: two vectors, as wide as kernels are. */
  private static final int SLICE_STEP = 32;

  public ColumnProducts {
    products = List.copyOf(products);
  }

  /** These and one more of their result. */
  public ColumnProducts then(ColumnProduct next) {
    List<ColumnProduct> more = new ArrayList<>(products);
    more.add(next);
    return new ColumnProducts(more, fromRows);
  }

  /** The same of X by rows. */
  public ColumnProducts ofRows() {
    return new ColumnProducts(products, true);
  }

  /** The inputs of these for X and for the inputs of each product. */
  public static List<String> inputs(String x, List<List<String>> products) {
    List<String> inputs = new ArrayList<>();
    inputs.add(x);
    for (List<String> each : products) {
      inputs.add(each.get(1));
      inputs.add(each.size() > CONSTANTS ? each.get(CONSTANTS) : "");
    }
    return inputs;
  }

  private static int weights(int product) {
    return 1 + CONSTANTS * product;
  }

  @Override
  public String type() {
    return "Gemm";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    Shape x = context.shape(0);
    Dim rows = x.dim(fromRows ? 1 : 0);
    for (int i = 0; i < products.size(); i++) {
      rows = products.get(i).rows(context, rows, weights(i));
    }
    return List.of(ValueInfo.of(ElementType.FLOAT, Shape.of(rows, x.dim(fromRows ? 0 : 1))));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    BatchAxis axis = context.axis(0);
    int rowAxis = Layout.FEATURE_MAJOR.rowAxis();
    if (axis.isRows() && axis.axis() != (fromRows ? 1 - rowAxis : rowAxis)) {
      return context.coupled("the product sums over the batch axis");
    }
    return context.all(axis.isRows() ? BatchAxis.rows(rowAxis) : axis);
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    Dim columns = outputs.get(0).shape().dim(1);
    Dim flops = Dim.ZERO;
    for (int i = 0; i < products.size(); i++) {
      flops = flops.plus(inputs.get(weights(i)).shape().size().times(columns).times(2));
    }
    return flops;
  }

  @Override
  public Step prepare(Preparation preparation) {
    GemmKernel.Layer[] layers = new GemmKernel.Layer[products.size()];
    for (int i = 0; i < layers.length; i++) {
      layers[i] = products.get(i).layer(preparation, weights(i));
    }
    return context -> run(context, layers);
  }

  private void run(StepContext context, GemmKernel.Layer[] layers) {
    FloatTensor x = context.floats(0);
    FloatTensor y = context.floatOutput(0);
    int k = x.dim(fromRows ? 1 : 0);
    int columns = y.dim(1);
    if (k != layers[0].weights().k()) {
      throw context.error("A has " + k + " columns but B has " + layers[0].weights().k() + " rows");
    }
    int slice = slice(layers);
    for (int j = 0; j < columns; j += slice) {
      context.checkCancelled();
      context
          .kernels()
          .gemm()
          .multiplyChain(
              layers,
              Math.min(slice, columns - j),
              x.array(),
              x.offset() + j * (fromRows ? k : 1),
              fromRows ? 1 : columns,
              fromRows ? k : 1,
              y.array(),
              y.offset() + j,
              columns,
              context.scratch());
    }
  }

  /** Columns between two looks at whether the run is cancelled. */
  private static int slice(GemmKernel.Layer[] layers) {
    long perColumn = 1;
    for (GemmKernel.Layer layer : layers) {
      perColumn += (long) layer.weights().m() * layer.weights().k();
    }
    long columns = SLICE_PRODUCTS / perColumn;
    return (int) Math.min(MAX_SLICE, columns / SLICE_STEP * SLICE_STEP + SLICE_STEP);
  }
}
