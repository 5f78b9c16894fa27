package io.sparkonnx.engine.op.matrix;

import io.sparkonnx.engine.kernel.opencl.AttentionKernels;
import io.sparkonnx.engine.kernel.opencl.AttentionKernels.Stage;
import io.sparkonnx.engine.kernel.opencl.DeviceArray;
import io.sparkonnx.engine.kernel.opencl.DeviceEpilogue;
import io.sparkonnx.engine.kernel.opencl.ElementKernel;
import io.sparkonnx.engine.kernel.opencl.ElementKernel.Operand;
import io.sparkonnx.engine.kernel.opencl.ElementwiseKernels;
import io.sparkonnx.engine.kernel.opencl.ProductKernels;
import io.sparkonnx.engine.kernel.opencl.ProductKernels.Matrix;
import io.sparkonnx.engine.kernel.opencl.RowKernels;
import io.sparkonnx.engine.op.DeviceContext;
import io.sparkonnx.engine.op.DeviceForms;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link FusedAttention} on a device: in one kernel where a work-group can hold the scores of some
 * queries, else layer by layer with one layer's scores in working memory.
 */
final class DeviceAttention {
  private static final ElementKernel CHOICE =
      new ElementKernel(
          "v0 ? v1 : v2",
          List.of(ElementType.BOOL, ElementType.FLOAT, ElementType.FLOAT),
          ElementType.FLOAT);

  private final FusedAttention attention;
  private final DeviceContext context;
  private final AttentionSizes s;

  private DeviceAttention(FusedAttention attention, DeviceContext context) {
    this.attention = attention;
    this.context = context;
    this.s = AttentionSizes.of(context.dims(0), context.dims(2));
  }

  static DeviceStep prepare(FusedAttention attention, DevicePreparation preparation) {
    Shape q = preparation.inputs().get(0).shape();
    Shape v = preparation.inputs().get(2).shape();
    Dim m = q.dim(q.rank() - 2);
    Dim k = q.dim(q.rank() - 1);
    Dim n = v.dim(v.rank() - 2);
    boolean always =
        n.isConstant()
            && k.isConstant()
            && AttentionKernels.fits(preparation.device(), n.value(), k.value());
    DeviceStep step = context -> new DeviceAttention(attention, context).run();
    return always ? step : DeviceStep.withScratch(m.times(n), step);
  }

  private void run() {
    if (s.layers() == 0 || s.m() == 0 || s.d() == 0) {
      return;
    }
    if (!AttentionKernels.fits(context.queue().device().info(), s.n(), s.k())) {
      runByLayers();
      return;
    }
    List<Stage> stages = new ArrayList<>();
    for (int stage = 0; stage < attention.stages().size(); stage++) {
      FusedAttention.Stage said = attention.stages().get(stage);
      stages.add(new Stage(said.f(), said.turned(), operand(stage), strides(stage)));
    }
    int test = attention.test();
    AttentionKernels.attend(
        context.queue(),
        new AttentionKernels.Sizes(s.layers(), s.inner(), s.m(), s.n(), s.k(), s.d()),
        context.input(0),
        context.input(1),
        context.input(2),
        stages,
        test < 0 ? null : new AttentionKernels.Test(context.input(test), inputStrides(test)),
        context.output());
  }

  private DeviceArray operand(int stage) {
    return context.input(FusedAttention.operand(stage));
  }

  private int[] strides(int stage) {
    return inputStrides(FusedAttention.operand(stage));
  }

  private int[] inputStrides(int input) {
    return DeviceForms.strides(DeviceForms.padded(context.dims(input)));
  }

  private void runByLayers() {
    DeviceArray scores = context.scratch(Math.multiplyExact(s.m(), s.n()));
    for (int layer = 0; layer < s.layers(); layer++) {
      DeviceArray q = context.input(0).behind(layer * s.m() * s.k());
      DeviceArray kt = context.input(1).behind(layer * s.k() * s.n());
      multiply(s.m(), s.n(), s.k(), q, kt, scores);
      for (int stage = 0; stage < attention.stages().size(); stage++) {
        apply(stage, layer, scores);
      }
      RowKernels.softmax(context.queue(), false, scores, s.m(), s.n(), scores);
      DeviceArray v = context.input(2).behind(layer * s.n() * s.d());
      DeviceArray y = context.output().behind(layer * s.m() * s.d());
      multiply(s.m(), s.d(), s.n(), scores, v, y);
    }
  }

  private void multiply(int m, int n, int k, DeviceArray a, DeviceArray b, DeviceArray c) {
    Matrix left = new Matrix(a, k, 1, 0);
    Matrix right = new Matrix(b, n, 1, 0);
    ProductKernels.multiply(context.queue(), 1, m, n, k, left, right, c, DeviceEpilogue.IDENTITY);
  }

  private void apply(int stage, int layer, DeviceArray scores) {
    FusedAttention.Stage said = attention.stages().get(stage);
    int[] strides = strides(stage);
    DeviceArray operand = operand(stage).behind(s.start(layer, 0, strides));
    int[] own = {0, 0, s.n(), 1};
    int[] other = {0, 0, strides[2], strides[3]};
    if (said.f() == null) {
      Operand score = new Operand(scores, own);
      Operand given = new Operand(operand, other);
      choose(layer, said.turned() ? given : score, said.turned() ? score : given, scores);
      return;
    }
    ElementwiseKernels.binary(
        context.queue(),
        said.f(),
        said.turned() ? operand : scores,
        said.turned() ? other : own,
        said.turned() ? scores : operand,
        said.turned() ? own : other,
        scores,
        new int[] {1, 1, s.m(), s.n()});
  }

  /** One layer's scores are {@code yes} where the test holds, else {@code no}. */
  private void choose(int layer, Operand yes, Operand no, DeviceArray scores) {
    int[] strides = inputStrides(attention.test());
    DeviceArray tests = context.input(attention.test()).behind(s.start(layer, 0, strides));
    Operand test = new Operand(tests, new int[] {0, 0, strides[2], strides[3]});
    int[] dims = {1, 1, s.m(), s.n()};
    CHOICE.run(context.queue(), List.of(test, yes, no), scores, dims);
  }
}
