package io.sparkonnx.engine.onnx;

import io.sparkonnx.engine.LoadOptions.Limits;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.OnnxException.Code;
import io.sparkonnx.engine.graph.Graph;
import io.sparkonnx.engine.graph.GraphInput;
import io.sparkonnx.engine.graph.GraphOutput;
import io.sparkonnx.engine.onnx.proto.GraphProto;
import io.sparkonnx.engine.onnx.proto.NodeProto;
import io.sparkonnx.engine.onnx.proto.SparseTensorProto;
import io.sparkonnx.engine.onnx.proto.TensorProto;
import io.sparkonnx.engine.onnx.proto.ValueInfoProto;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.ValueType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Graphs of a file, with the graphs inside their nodes. */
final class GraphReader {
  private final TensorReader tensors;
  private final TypeReader types;
  private final ValueNames values;
  private final Problems problems;
  private final Limits limits;

  GraphReader(
      TensorReader tensors, TypeReader types, ValueNames values, Problems problems, Limits limits) {
    this.tensors = tensors;
    this.types = types;
    this.values = values;
    this.problems = problems;
    this.limits = limits;
  }

  /** The main graph of a model. */
  Graph main(GraphProto proto, Opsets opsets, NodeReader nodes) {
    GraphAssembly graph = new GraphAssembly(null, problems);
    Place place = new Place(graph, NameScope.main(), opsets, Map.of(), List.of(), 1);
    proto.getInputList().forEach(input -> types.reserve(input.getType()));
    proto.getOutputList().forEach(output -> types.reserve(output.getType()));
    Set<String> outputs = new HashSet<>();
    for (ValueInfoProto output : proto.getOutputList()) {
      if (!outputs.add(output.getName())) {
        problems.invalid("output " + Refusals.quoted(output.getName()) + " is there twice");
      }
    }
    if (outputs.isEmpty()) {
      problems.invalid("the graph has no outputs");
    }
    return read(proto, place, nodes, false);
  }

  /**
   * A graph inside a node; it sees the values of the graphs around it, and its own values that have
   * names of theirs get other names.
   */
  Graph nested(GraphProto proto, Place outer, NodeReader nodes) {
    Place place = outer.nested(new GraphAssembly(outer.graph(), problems));
    if (place.depth() > limits.depth()) {
      throw Refusals.limit(
          "graphs and function bodies are nested more than " + limits.depth() + " deep");
    }
    for (ValueInfoProto input : proto.getInputList()) {
      rename(input.getName(), outer, place);
    }
    for (TensorProto initializer : proto.getInitializerList()) {
      rename(initializer.getName(), outer, place);
    }
    for (SparseTensorProto initializer : proto.getSparseInitializerList()) {
      rename(initializer.getValues().getName(), outer, place);
    }
    for (NodeProto node : proto.getNodeList()) {
      for (String output : node.getOutputList()) {
        rename(output, outer, place);
      }
    }
    return read(proto, place, nodes, true);
  }

  private void rename(String name, Place outer, Place place) {
    if (!name.isEmpty() && !place.names().binds(name)) {
      boolean clash = outer.inFunction() || outer.graph().sees(name);
      place.names().bind(name, clash ? values.fresh(name) : name);
    }
  }

  private Graph read(GraphProto proto, Place place, NodeReader nodes, boolean nested) {
    GraphAssembly graph = place.graph();
    declare(proto, place);
    inputs(proto, place, nested);
    initializers(proto, place);
    List<String> names = nodeNames(proto.getNodeList(), "", graph.nodeNames);
    for (int i = 0; i < names.size(); i++) {
      nodes.read(proto.getNode(i), names.get(i), place);
    }
    for (ValueInfoProto output : proto.getOutputList()) {
      graph.addOutput(output(output, place));
    }
    return graph.build(proto.getName());
  }

  private static void declare(GraphProto proto, Place place) {
    GraphAssembly graph = place.graph();
    NameScope names = place.names();
    proto.getInputList().forEach(input -> graph.declare(names.resolve(input.getName())));
    for (TensorProto initializer : proto.getInitializerList()) {
      graph.declare(names.resolve(initializer.getName()));
    }
    for (SparseTensorProto initializer : proto.getSparseInitializerList()) {
      graph.declare(names.resolve(initializer.getValues().getName()));
    }
    for (NodeProto node : proto.getNodeList()) {
      node.getOutputList().forEach(output -> graph.declare(names.resolve(output)));
    }
  }

  private void inputs(GraphProto proto, Place place, boolean nested) {
    Set<String> initialized = new HashSet<>();
    proto.getInitializerList().forEach(tensor -> initialized.add(tensor.getName()));
    proto
        .getSparseInitializerList()
        .forEach(tensor -> initialized.add(tensor.getValues().getName()));
    for (ValueInfoProto input : proto.getInputList()) {
      String what = "input " + Refusals.quoted(input.getName());
      if (input.getName().isEmpty()) {
        problems.invalid("an input has no name");
        continue;
      }
      ValueType type = ValueType.UNKNOWN_ELEMENT;
      if (input.hasType() || !nested) {
        type = type(input, what);
      }
      boolean optional = initialized.contains(input.getName());
      String name = place.names().resolve(input.getName());
      place.graph().addInput(new GraphInput(name, type, optional));
    }
  }

  private ValueType type(ValueInfoProto value, String what) {
    try {
      return types.read(value.getType(), value.getName(), what);
    } catch (OnnxException e) {
      collect(e, problems);
      return ValueType.UNKNOWN_ELEMENT;
    }
  }

  private GraphOutput output(ValueInfoProto output, Place place) {
    String name = place.names().resolve(output.getName());
    boolean typed = output.hasType() && output.getType().getValueCase().getNumber() != 0;
    String what = "output " + Refusals.quoted(output.getName());
    return new GraphOutput(name, typed ? type(output, what) : null);
  }

  private void initializers(GraphProto proto, Place place) {
    for (TensorProto initializer : proto.getInitializerList()) {
      initializer(initializer.getName(), place, what -> tensors.read(initializer, what));
    }
    for (SparseTensorProto initializer : proto.getSparseInitializerList()) {
      String name = initializer.getValues().getName();
      initializer(name, place, what -> tensors.sparse(initializer, what));
    }
  }

  private void initializer(String given, Place place, Function<String, Tensor> read) {
    String name = place.names().resolve(given);
    try {
      Tensor tensor = read.apply("initializer " + Refusals.quoted(given));
      place.graph().addConstant(name, tensor);
    } catch (OnnxException e) {
      collect(e, problems);
      place.graph().defineConstant(name);
    }
  }

  /** Notes what is wrong with a part of the model; what stops the whole load goes on. */
  static void collect(OnnxException e, Problems problems) {
    if (e.code() != Code.INVALID_MODEL) {
      throw e;
    }
    problems.invalid(e.getMessage());
  }

  /** A name of its own for each node: the file's where it has one that is free. */
  static List<String> nodeNames(List<NodeProto> nodes, String prefix, UniqueNames taken) {
    List<String> names = new ArrayList<>();
    for (NodeProto node : nodes) {
      String name = prefix + node.getName();
      names.add(!node.getName().isEmpty() && taken.take(name) ? name : null);
    }
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i) == null) {
        NodeProto node = nodes.get(i);
        String name = node.getName().isEmpty() ? node.getOpType() + "_" + i : node.getName();
        names.set(i, taken.fresh(prefix + name));
      }
    }
    return names;
  }
}
