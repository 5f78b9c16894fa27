package io.sparkonnx.engine;

import com.google.protobuf.ByteString;
import io.sparkonnx.engine.onnx.proto.ModelProto;
import io.sparkonnx.engine.onnx.proto.NodeProto;
import io.sparkonnx.engine.onnx.proto.TensorProto;
import io.sparkonnx.engine.tensor.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Gives a network whose weights come from ConstantOfShape seeded random weights instead: normal
 * with variance 2 / fan-in for convolutions and matrices (He et al., 2015), near 1 for factors and
 * variances, near 1/2 for scales of normalisations, near 0 for the rest, so that activations keep
 * their size through the network.
 */
final class RandomWeights {
  private final ModelProto.Builder model;
  private final Map<String, long[]> shapes = new HashMap<>();
  private final Map<String, NodeProto> consumers = new HashMap<>();
  private final Random random;

  private RandomWeights(ModelProto.Builder model, long seed) {
    this.model = model;
    this.random = new Random(seed);
  }

  static byte[] of(Path file, long seed) throws IOException {
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    return new RandomWeights(model, seed).fill();
  }

  private byte[] fill() {
    for (TensorProto tensor : model.getGraph().getInitializerList()) {
      if (tensor.getDataType() == ElementType.INT64.code()) {
        shapes.put(tensor.getName(), longs(tensor));
      }
    }
    List<NodeProto> nodes = model.getGraph().getNodeList();
    for (NodeProto node : nodes) {
      node.getInputList().forEach(input -> consumers.put(input, node));
    }
    model.getGraphBuilder().clearNode();
    for (NodeProto node : nodes) {
      if (node.getOpType().equals("ConstantOfShape")) {
        model.getGraphBuilder().addInitializer(weights(node));
      } else {
        model.getGraphBuilder().addNode(node);
      }
    }
    return model.build().toByteArray();
  }

  private static long[] longs(TensorProto tensor) {
    if (tensor.getInt64DataCount() > 0) {
      return tensor.getInt64DataList().stream().mapToLong(Long::longValue).toArray();
    }
    ByteBuffer raw = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    long[] values = new long[raw.remaining() / Long.BYTES];
    raw.asLongBuffer().get(values);
    return values;
  }

  private TensorProto weights(NodeProto constant) {
    String name = constant.getOutput(0);
    long[] shape = shapes.get(constant.getInput(0));
    NodeProto user = user(name);
    int index = user.getInputList().indexOf(viewed(name));
    int size = 1;
    for (long dim : shape) {
      size = Math.multiplyExact(size, (int) dim);
    }
    ByteBuffer bytes = ByteBuffer.allocate(4 * size).order(ByteOrder.LITTLE_ENDIAN);
    boolean matrix = shape.length > 1 && index == 1 && !user.getOpType().equals("Add");
    boolean nearOne =
        user.getOpType().equals("Mul")
            || (user.getOpType().equals("BatchNormalization") && (index == 1 || index == 4));
    boolean scale = user.getOpType().equals("BatchNormalization") && index == 1;
    double spread = matrix && !nearOne ? Math.sqrt(2.0 * shape[0] / size) : 0.1;
    for (int i = 0; i < size; i++) {
      double value = spread * random.nextGaussian();
      bytes.putFloat((float) (scale ? 0.5 + value : nearOne ? Math.max(0.5, 1 + value) : value));
    }
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(ElementType.FLOAT.code())
            .setRawData(ByteString.copyFrom(bytes.flip()));
    for (long dim : shape) {
      tensor.addDims(dim);
    }
    return tensor.build();
  }

  /** The node that computes with a weight, past an Unsqueeze. */
  private NodeProto user(String weight) {
    return consumers.get(viewed(weight));
  }

  private String viewed(String weight) {
    NodeProto first = consumers.get(weight);
    return first.getOpType().equals("Unsqueeze") ? first.getOutput(0) : weight;
  }
}
