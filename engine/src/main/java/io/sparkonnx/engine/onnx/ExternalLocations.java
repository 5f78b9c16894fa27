package io.sparkonnx.engine.onnx;

import com.google.protobuf.Message;
import io.sparkonnx.engine.onnx.proto.ModelProto;
import io.sparkonnx.engine.onnx.proto.StringStringEntryProto;
import io.sparkonnx.engine.onnx.proto.TensorProto;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Which files of external data a model names, in any of its graphs and functions. */
final class ExternalLocations {
  private ExternalLocations() {}

  /** Paths relative to the model's folder, each once and sorted. */
  static List<String> of(ModelProto model) {
    SortedSet<String> paths = new TreeSet<>();
    collect(model, paths);
    return List.copyOf(paths);
  }

  private static void collect(Message message, SortedSet<String> paths) {
    if (message instanceof TensorProto tensor) {
      if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
        paths.add(path(tensor));
      }
      return;
    }
    for (Object value : message.getAllFields().values()) {
      if (value instanceof Message child) {
        collect(child, paths);
      } else if (value instanceof List<?> children) {
        children.stream()
            .filter(Message.class::isInstance)
            .forEach(c -> collect((Message) c, paths));
      }
    }
  }

  private static String path(TensorProto tensor) {
    String location = "";
    for (StringStringEntryProto entry : tensor.getExternalDataList()) {
      if (entry.getKey().equals("location")) {
        location = entry.getValue();
      }
    }
    String what = "tensor " + Refusals.quoted(tensor.getName());
    String path = ExternalData.path(location, what);
    if (path.isEmpty()) {
      throw Refusals.invalid(
          what + ": external data " + Refusals.quoted(location) + " is not in the model's folder");
    }
    return path;
  }
}
