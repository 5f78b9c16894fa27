package io.sparkonnx.engine.onnx;

import com.google.protobuf.CodedInputStream;
import io.sparkonnx.engine.LoadOptions;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.OnnxException.Code;
import io.sparkonnx.engine.graph.Graph;
import io.sparkonnx.engine.graph.ModelInfo;
import io.sparkonnx.engine.onnx.proto.ModelProto;
import io.sparkonnx.engine.onnx.proto.StringStringEntryProto;
import io.sparkonnx.engine.op.OperatorTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads model files. Files in the wild are not strict, and what can be understood is read: nodes in
 * any order, unnamed or with equal names; domains that no node uses; {@code ai.onnx} for the empty
 * domain; dimensions of 0 or less, which mean unknown; initializers that are inputs too, which make
 * those inputs optional; attributes without a type. Functions of the model are expanded.
 *
 * <p>Everything that stands in the way is collected and thrown as one {@link OnnxException}:
 * MODEL_NOT_READABLE, INVALID_MODEL, UNSUPPORTED_MODEL or LIMIT_EXCEEDED.
 */
public final class ModelReader {
  private final OperatorTable operators;
  private final LoadOptions options;
  private final List<String> warnings = new ArrayList<>();

  private ModelReader(OperatorTable operators, LoadOptions options) {
    this.operators = operators;
    this.options = options;
  }

  /**
   * Reads a file. External data may come from {@link LoadOptions#externalData}, or where that is
   * null from the file's own folder.
   */
  public static LoadedModel read(Path file, OperatorTable operators, LoadOptions options) {
    LoadOptions there = options;
    if (options.externalData() == null) {
      there = options.withExternalData(file.toAbsolutePath().getParent());
    }
    return new ModelReader(operators, there).read(ModelFile.open(file));
  }

  /** Reads a file's bytes. They must not change meanwhile, and are not needed afterwards. */
  public static LoadedModel read(byte[] bytes, OperatorTable operators, LoadOptions options) {
    return new ModelReader(operators, options).read(ByteBuffer.wrap(bytes));
  }

  /** The files of external data that a model names, as {@link ExternalLocations}. */
  public static List<String> externalFiles(byte[] bytes, LoadOptions options) {
    ByteBuffer file = ByteBuffer.wrap(bytes);
    Budget budget = Budget.ofJvm(options.limits().modelBytes());
    budget.chargeFile(file.limit(), "the model file");
    return ExternalLocations.of(parse(file, options, budget));
  }

  private LoadedModel read(ByteBuffer file) {
    Budget budget = Budget.ofJvm(options.limits().modelBytes());
    budget.chargeFile(file.limit(), "the model file");
    ModelProto model = parse(file, options, budget);
    Graph graph;
    try (ExternalData external = new ExternalData(options.externalData())) {
      graph = graph(model, new TensorReader(file, external, budget), budget);
    } catch (IOException e) {
      throw new OnnxException(Code.MODEL_NOT_READABLE, "external data: " + e.getMessage(), e);
    }
    return new LoadedModel(info(model, file), graph, warnings);
  }

  private static ModelProto parse(ByteBuffer file, LoadOptions options, Budget budget) {
    if (file.limit() == 0) {
      throw Refusals.notAModel("it is empty");
    }
    try {
      ByteBuffer skeleton =
          WireScan.skeleton(file, ModelProto.getDescriptor(), options.limits(), budget);
      CodedInputStream input = CodedInputStream.newInstance(skeleton);
      input.setRecursionLimit(WireScan.levels(options.limits()) + 1);
      ModelProto model = ModelProto.parseFrom(input);
      if (!model.hasGraph()) {
        throw Refusals.invalid("it has no graph");
      }
      return model;
    } catch (IOException e) {
      throw ModelFile.explained(file, Refusals.invalid(Refusals.oneLine(e.getMessage())));
    } catch (OnnxException e) {
      throw ModelFile.explained(file, e);
    }
  }

  private Graph graph(ModelProto model, TensorReader tensors, Budget budget) {
    Problems problems = new Problems();
    TypeReader types = new TypeReader();
    ValueNames values = new ValueNames(model.getGraph());
    GraphReader graphs = new GraphReader(tensors, types, values, problems, options.limits());
    NodeReader nodes =
        new NodeReader(
            operators,
            graphs,
            new AttributeReader(tensors, types),
            new Functions(model.getFunctionsList(), problems),
            values,
            problems,
            options.limits(),
            budget);
    Opsets opsets = Opsets.of(model.getOpsetImportList(), model.getIrVersion(), warnings);
    Graph graph = graphs.main(model.getGraph(), opsets, nodes);
    problems.throwIfAny();
    warnOfUnusedDomains(opsets, nodes.domains());
    return graph;
  }

  private void warnOfUnusedDomains(Opsets opsets, Set<String> used) {
    for (String domain : opsets.versions().keySet()) {
      if (!operators.knowsDomain(domain) && !used.contains(domain)) {
        warnings.add(
            "imports domain " + Refusals.quoted(domain) + ", which is not known; no node uses it");
      }
    }
  }

  private static ModelInfo info(ModelProto model, ByteBuffer file) {
    Map<String, String> metadata = new HashMap<>();
    for (StringStringEntryProto entry : model.getMetadataPropsList()) {
      metadata.put(entry.getKey(), entry.getValue());
    }
    String producer = (model.getProducerName() + " " + model.getProducerVersion()).strip();
    Opsets opsets = Opsets.of(model.getOpsetImportList(), model.getIrVersion(), new ArrayList<>());
    return new ModelInfo(
        model.getIrVersion(),
        producer,
        model.getDomain(),
        model.getModelVersion(),
        opsets.versions(),
        metadata,
        sha256(file));
  }

  private static String sha256(ByteBuffer file) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(file.duplicate().rewind());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
