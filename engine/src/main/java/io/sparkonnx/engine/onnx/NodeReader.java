package io.sparkonnx.engine.onnx;

import io.sparkonnx.engine.LoadOptions.Limits;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.graph.Graph;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.onnx.proto.AttributeProto;
import io.sparkonnx.engine.onnx.proto.FunctionProto;
import io.sparkonnx.engine.onnx.proto.NodeProto;
import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.OperatorFactory;
import io.sparkonnx.engine.op.OperatorTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Nodes of a file. A call of one of the model's functions becomes the nodes of its body, with names
 * of their own. Values that the graphs inside a node take from around it become further inputs of
 * the node, after those that the file gives it, in the order of {@link Graph#captures(List)}.
 */
final class NodeReader {
  /** What a node takes on the heap besides its tensors, generously. */
  private static final int NODE_BYTES = 400;

  private static final int BYTES_PER_FILE_BYTE = 4;

  private final OperatorTable operators;
  private final GraphReader graphs;
  private final AttributeReader attributes;
  private final Functions functions;
  private final ValueNames values;
  private final Problems problems;
  private final Limits limits;
  private final Budget budget;
  private final Set<String> domains = new HashSet<>();
  private int nodes;

  NodeReader(
      OperatorTable operators,
      GraphReader graphs,
      AttributeReader attributes,
      Functions functions,
      ValueNames values,
      Problems problems,
      Limits limits,
      Budget budget) {
    this.operators = operators;
    this.graphs = graphs;
    this.attributes = attributes;
    this.functions = functions;
    this.values = values;
    this.problems = problems;
    this.limits = limits;
    this.budget = budget;
  }

  /** Canonical domains of the nodes read so far. */
  Set<String> domains() {
    return domains;
  }

  /** Adds a node, or the nodes of the function that it calls, to the graph of its place. */
  void read(NodeProto proto, String name, Place place) {
    if (++nodes > limits.nodes()) {
      throw Refusals.limit(
          "the model has more than " + limits.nodes() + " nodes, functions expanded");
    }
    long bytes = NODE_BYTES + BYTES_PER_FILE_BYTE * (long) proto.getSerializedSize();
    budget.chargeHeap(bytes, Refusals.oneLine(Node.label(proto.getOpType(), name)));
    domains.add(OperatorTable.canonical(proto.getDomain()));
    FunctionProto function = functions.called(proto);
    if (function != null) {
      expand(function, proto, name, place);
      return;
    }
    List<String> inputs = new ArrayList<>();
    proto.getInputList().forEach(input -> inputs.add(place.names().resolve(input)));
    List<String> outputs = new ArrayList<>();
    proto.getOutputList().forEach(output -> outputs.add(place.names().resolve(output)));
    String label = Refusals.oneLine(Node.label(proto.getOpType(), name));
    try {
      Map<String, Object> attributeValues = attributes(proto, label, place);
      OperatorFactory factory = factory(proto, name, place.opsets());
      if (factory != null) {
        Operator operator = factory.create(new Attributes(label, attributeValues, outputs.size()));
        inputs.addAll(Graph.captures(graphsOf(attributeValues)));
        place.graph().addNode(new Node(name, operator, inputs, outputs));
        return;
      }
    } catch (OnnxException e) {
      GraphReader.collect(e, problems);
    } catch (ArithmeticException e) {
      problems.invalid(label + ": an attribute is out of range: " + e.getMessage());
    }
    place.graph().define(outputs, label);
  }

  private OperatorFactory factory(NodeProto proto, String node, Opsets opsets) {
    String type = proto.getOpType();
    String domain = OperatorTable.canonical(proto.getDomain());
    String shown = Refusals.oneLine(type) + " of " + Refusals.domainName(domain);
    Integer version = opsets.version(domain);
    if (type.isEmpty()) {
      throw Refusals.invalid("node " + Refusals.quoted(node) + " names no operator");
    } else if (!operators.knowsDomain(domain)) {
      String at = version == null ? "" : " " + version;
      problems.unsupported("operator " + shown + at + ", a domain that is not known", node);
    } else if (version == null || version < 1) {
      throw Refusals.invalid(
          String.format(
              Locale.ROOT,
              "%s is of domain %s, but the model imports %s of it",
              Refusals.oneLine(Node.label(type, node)),
              Refusals.domainName(domain),
              version == null ? "no version" : "version " + version));
    } else if (version > Opsets.newest(domain)) {
      problems.unsupported(
          String.format(
              Locale.ROOT,
              "opset %d of %s, newer than %d, the newest that is known",
              version,
              Refusals.domainName(domain),
              Opsets.newest(domain)),
          node);
    } else if (!operators.knows(domain, type)) {
      problems.unsupported("operator " + shown + " " + version, node);
    } else {
      OperatorFactory factory = operators.find(domain, type, version);
      if (factory == null) {
        problems.unsupported("operator " + shown + " at opset " + version, node);
      }
      return factory;
    }
    return null;
  }

  private Map<String, Object> attributes(NodeProto proto, String label, Place place) {
    Map<String, Object> read = new HashMap<>();
    for (AttributeProto attribute : proto.getAttributeList()) {
      String what = "attribute " + Refusals.quoted(attribute.getName()) + " of " + label;
      Place.Binding binding = binding(attribute, what, place);
      if (binding == null) {
        continue;
      }
      Object value =
          attributes.read(
              binding.attribute(), what, graph -> graphs.nested(graph, binding.place(), this));
      if (read.put(attribute.getName(), value) != null) {
        throw Refusals.invalid(what + " is there twice");
      }
    }
    return read;
  }

  /** The attribute itself, or what its reference stands for: null where the caller gave nothing. */
  private static Place.Binding binding(AttributeProto attribute, String what, Place place) {
    String reference = attribute.getRefAttrName();
    if (reference.isEmpty()) {
      return new Place.Binding(attribute, place);
    }
    if (!place.inFunction()) {
      throw Refusals.invalid(
          what + " refers to " + Refusals.quoted(reference) + " but is in no function");
    }
    return place.bindings().get(reference);
  }

  private static List<Graph> graphsOf(Map<String, Object> attributeValues) {
    List<Graph> graphs = new ArrayList<>();
    for (Object value : attributeValues.values()) {
      if (value instanceof Graph graph) {
        graphs.add(graph);
      } else if (value instanceof List<?> list) {
        list.forEach(
            element -> {
              if (element instanceof Graph graph) {
                graphs.add(graph);
              }
            });
      }
    }
    return graphs;
  }

  private void expand(FunctionProto function, NodeProto call, String name, Place place) {
    String id = Functions.id(function);
    List<String> calls = new ArrayList<>(place.calls());
    calls.add(id);
    if (place.calls().contains(id)) {
      throw Refusals.invalid(
          "functions call themselves: " + Refusals.oneLine(String.join(" calls ", calls)));
    }
    if (place.depth() >= limits.depth()) {
      throw Refusals.limit(
          "graphs and function bodies are nested more than " + limits.depth() + " deep");
    }
    String label = Refusals.oneLine(Node.label(call.getOpType(), name));
    String prefix = name + "/";
    Opsets opsets = Opsets.of(function.getOpsetImportList(), Integer.MAX_VALUE, new ArrayList<>());
    Map<String, Place.Binding> bindings = new HashMap<>();
    Place body =
        new Place(
            place.graph(),
            arguments(function, call, label, prefix, place),
            opsets.orElse(place.opsets()),
            bindings,
            calls,
            place.depth() + 1);
    for (AttributeProto attribute : function.getAttributeProtoList()) {
      bindings.put(attribute.getName(), new Place.Binding(attribute, body));
    }
    for (AttributeProto attribute : call.getAttributeList()) {
      String what = "attribute " + Refusals.quoted(attribute.getName()) + " of " + label;
      Place.Binding binding = binding(attribute, what, place);
      if (binding != null) {
        bindings.put(attribute.getName(), binding);
      }
    }
    List<NodeProto> nodeProtos = function.getNodeList();
    List<String> names = GraphReader.nodeNames(nodeProtos, prefix, place.graph().nodeNames);
    for (int i = 0; i < names.size(); i++) {
      read(nodeProtos.get(i), names.get(i), body);
    }
  }

  /** The names in a function's body: its inputs and outputs are the caller's values. */
  private NameScope arguments(
      FunctionProto function, NodeProto call, String label, String prefix, Place place) {
    int inputs = function.getInputCount();
    int outputs = function.getOutputCount();
    if (call.getInputCount() > inputs || call.getOutputCount() > outputs) {
      problems.invalid(
          String.format(
              Locale.ROOT,
              "%s has %d inputs and %d outputs, but its function has %d and %d",
              label,
              call.getInputCount(),
              call.getOutputCount(),
              inputs,
              outputs));
    }
    NameScope names = NameScope.function(value -> values.fresh(prefix + value));
    for (int i = 0; i < inputs; i++) {
      String given = i < call.getInputCount() ? call.getInput(i) : "";
      names.bind(function.getInput(i), place.names().resolve(given));
    }
    for (int i = 0; i < Math.min(outputs, call.getOutputCount()); i++) {
      if (!call.getOutput(i).isEmpty()) {
        names.bind(function.getOutput(i), place.names().resolve(call.getOutput(i)));
      }
    }
    return names;
  }
}
