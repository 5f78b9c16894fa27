package io.sparkonnx.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.LoadOptions;
import io.sparkonnx.engine.onnx.proto.SparseTensorProto;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Sparse tensors, which become dense. */
class SparseTensorTest {
  private static Tensor read(ModelBuilder model) {
    return ModelReader.read(model.bytes(), AnyOperator.table(), LoadOptions.DEFAULT)
        .graph()
        .constants()
        .get("w");
  }

  private static ModelBuilder sparse(Tensor values, Tensor indices, long... dims) {
    SparseTensorProto.Builder sparse =
        SparseTensorProto.newBuilder()
            .setValues(TensorProtos.of("w", values))
            .setIndices(TensorProtos.of("", indices));
    Arrays.stream(dims).forEach(sparse::addDims);
    return ModelBuilder.opset(13)
        .output("w")
        .edit(model -> model.getGraphBuilder().addSparseInitializer(sparse));
  }

  @Test
  void sparseTensorsBecomeDense() {
    Tensor values = Tensor.of(new float[] {5, 7}, 2);

    Tensor linear = read(sparse(values, Tensor.of(new long[] {1, 5}, 2), 2, 3));
    assertThat(((FloatTensor) linear).array()).containsExactly(0, 5, 0, 0, 0, 7);
    Tensor coordinates = read(sparse(values, Tensor.of(new long[] {0, 1, 1, 2}, 2, 2), 2, 3));
    assertThat(((FloatTensor) coordinates).array()).containsExactly(0, 5, 0, 0, 0, 7);
  }

  @Test
  void sparseTensorsMustFit() {
    Tensor values = Tensor.of(new float[] {5}, 1);

    assertThatThrownBy(() -> read(sparse(values, Tensor.of(new long[] {6}, 1), 2, 3)))
        .hasMessage("initializer 'w' is sparse with an element at 6, but has 6");
    assertThatThrownBy(() -> read(sparse(values, Tensor.of(new long[] {0, 3}, 1, 2), 2, 3)))
        .hasMessage("initializer 'w' is sparse with index 3 on axis 1 of size 3");
    assertThatThrownBy(() -> read(sparse(values, Tensor.of(new long[] {0, 3}, 2), 2, 3)))
        .hasMessage(
            "initializer 'w' is sparse with indices int64[2], expected int64[1] or int64[1, 2]");
  }

  @Test
  void sparseTensorsMustNotFillTheMemory() {
    Tensor values = Tensor.of(new double[] {5}, 1);

    assertThatThrownBy(() -> read(sparse(values, Tensor.of(new long[] {0}, 1), 1_500_000_000)))
        .hasMessageMatching(
            "initializer 'w' takes 12\\.0 GB of memory when made dense, more than .*");
  }
}
