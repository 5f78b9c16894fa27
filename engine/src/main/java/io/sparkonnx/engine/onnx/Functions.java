package io.sparkonnx.engine.onnx;

import io.sparkonnx.engine.onnx.proto.FunctionProto;
import io.sparkonnx.engine.onnx.proto.NodeProto;
import io.sparkonnx.engine.op.OperatorTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The functions that a model defines, by domain, name and overload. */
final class Functions {
  private final Map<String, FunctionProto> functions = new HashMap<>();

  Functions(List<FunctionProto> functions, Problems problems) {
    for (FunctionProto function : functions) {
      if (this.functions.put(id(function), function) != null) {
        problems.invalid("function " + id(function) + " is defined twice");
      }
    }
  }

  /** The function that a node calls, or null where it is an operator. */
  FunctionProto called(NodeProto node) {
    return functions.get(id(node.getDomain(), node.getOpType(), node.getOverload()));
  }

  static String id(FunctionProto function) {
    return id(function.getDomain(), function.getName(), function.getOverload());
  }

  private static String id(String domain, String name, String overload) {
    String canonical = Refusals.domainName(OperatorTable.canonical(domain));
    return canonical + "." + name + (overload.isEmpty() ? "" : ":" + overload);
  }
}
