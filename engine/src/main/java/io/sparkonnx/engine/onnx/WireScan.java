package io.sparkonnx.engine.onnx;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.WireFormat;
import io.sparkonnx.engine.LoadOptions.Limits;
import io.sparkonnx.engine.onnx.proto.GraphProto;
import io.sparkonnx.engine.onnx.proto.NodeProto;
import io.sparkonnx.engine.onnx.proto.TensorProto;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Set;

/**
 * Walks the wire form of a message and writes its skeleton: the same message, but fields that the
 * schema does not know or that nobody needs are dropped, and in place of a tensor's {@code
 * raw_data} stands a {@link RawReference} to where it lies in the file. Lengths, nesting, the
 * number of nodes and the memory that the parsed skeleton will take are checked on the way, so that
 * parsing the result is safe.
 */
final class WireScan {
  private static final int LEVELS_PER_GRAPH = 3;

  /** Messages nested in each other besides graphs: a sequence of maps of tensors and the like. */
  private static final int OTHER_LEVELS = 64;

  /** What objects of the parsed skeleton take on the heap, generously. */
  private static final int MESSAGE_BYTES = 200;

  private static final int STRING_BYTES = 120;
  private static final int SCALAR_BYTES = 24;

  /** Packed lists of at least this many bytes stay in the file. */
  private static final int LONG_LIST = 1 << 14;

  private static final Set<String> UNUSED =
      Set.of("doc_string", "value_info", "quantization_annotation", "training_info");

  private final ByteBuffer file;
  private final Limits limits;
  private final Budget budget;
  private final int deepest;
  private final Skeleton skeleton;
  private int position;
  private int graphDepth;
  private int nodes;

  private WireScan(ByteBuffer file, Limits limits, Budget budget) {
    this.file = file;
    this.limits = limits;
    this.budget = budget;
    this.deepest = levels(limits);
    this.skeleton = new Skeleton(budget);
  }

  /** How deep messages may be nested. */
  static int levels(Limits limits) {
    return Math.min(limits.depth(), 1000) * LEVELS_PER_GRAPH + OTHER_LEVELS;
  }

  /**
   * @param file the message, from 0 to the buffer's limit
   * @param root type of the message
   * @return the skeleton's bytes
   * @throws io.sparkonnx.engine.OnnxException INVALID_MODEL where the bytes are no such message,
   *     LIMIT_EXCEEDED where it is too deep, has too many nodes or needs too much memory
   */
  static ByteBuffer skeleton(ByteBuffer file, Descriptor root, Limits limits, Budget budget) {
    WireScan scan = new WireScan(file, limits, budget);
    scan.message(root, file.limit(), 0);
    return scan.skeleton.bytes();
  }

  private void message(Descriptor type, int end, int depth) {
    if (depth > deepest) {
      throw Refusals.limit("messages are nested more than " + deepest + " deep");
    }
    boolean graph = type == GraphProto.getDescriptor();
    if (graph && ++graphDepth > limits.depth()) {
      throw Refusals.limit("graphs are nested more than " + limits.depth() + " deep");
    }
    if (type == NodeProto.getDescriptor() && ++nodes > limits.nodes()) {
      throw Refusals.limit("the model has more than " + limits.nodes() + " nodes");
    }
    budget.chargeHeap(MESSAGE_BYTES, "the structure of the model");
    while (position < end) {
      field(type, end, depth);
    }
    if (graph) {
      graphDepth--;
    }
  }

  private void field(Descriptor type, int end, int depth) {
    int start = position;
    long key = varint(end);
    if (key >>> 32 != 0 || key >>> 3 == 0) {
      throw Refusals.invalid("no field starts at byte " + start);
    }
    FieldDescriptor known = type.findFieldByNumber((int) (key >>> 3));
    FieldDescriptor field = known == null || UNUSED.contains(known.getName()) ? null : known;
    int wire = (int) key & 7;
    switch (wire) {
      case WireFormat.WIRETYPE_VARINT -> varint(end);
      case WireFormat.WIRETYPE_FIXED64 -> skip(8, start, end);
      case WireFormat.WIRETYPE_FIXED32 -> skip(4, start, end);
      case WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
        delimited(field, start, end, depth);
        return;
      }
      default -> throw Refusals.invalid("no field starts at byte " + start);
    }
    if (field != null && field.getLiteType().getWireType() == wire) {
      budget.chargeHeap(field.isRepeated() ? SCALAR_BYTES : 0, "the structure of the model");
      skeleton.copy(file, start, position);
    }
  }

  private void delimited(FieldDescriptor field, int start, int end, int depth) {
    long length = varint(end);
    int from = position;
    if (length < 0 || length > end - from) {
      String declared = length < 0 ? "more than 2^63" : Long.toString(length);
      throw Refusals.invalid(
          String.format(
              Locale.ROOT,
              "the field at byte %d declares %s bytes, but %d are left; the file may be cut off",
              start,
              declared,
              end - from));
    }
    int to = from + (int) length;
    if (field == null) {
      position = to;
    } else if (field.getJavaType() == JavaType.MESSAGE) {
      int mark = skeleton.begin(field.getNumber());
      message(field.getMessageType(), to, depth + 1);
      skeleton.end(mark);
    } else if (isData(field, length)) {
      position = to;
      if (length > 0) {
        budget.chargeHeap(STRING_BYTES, "the structure of the model");
        RawReference reference = new RawReference(field.getNumber(), from, (int) length);
        skeleton.bytes(TensorProto.RAW_DATA_FIELD_NUMBER, reference.encode());
      }
    } else if (field.getLiteType().getWireType() == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
      budget.chargeHeap(STRING_BYTES + 3 * length, "a text in the model");
      position = to;
      skeleton.copy(file, start, to);
    } else if (field.isPackable()) {
      budget.chargeHeap(packedBytes(field, length), "the list '" + field.getName() + "'");
      position = to;
      skeleton.copy(file, start, to);
    } else {
      position = to;
    }
  }

  /** Raw data of any length, and long lists that lie in the file like raw data. */
  private static boolean isData(FieldDescriptor field, long length) {
    return field.getContainingType() == TensorProto.getDescriptor()
        && RawReference.canReplace(field.getNumber())
        && (field.getNumber() == TensorProto.RAW_DATA_FIELD_NUMBER || length >= LONG_LIST);
  }

  /** Heap of a packed list while it grows; its varints may have one byte each. */
  private static long packedBytes(FieldDescriptor field, long length) {
    boolean fixed = field.getLiteType().getWireType() != WireFormat.WIRETYPE_VARINT;
    int bytes = fixed ? 1 : field.getJavaType() == JavaType.LONG ? 8 : 4;
    return length * bytes * 5 / 2;
  }

  private void skip(int count, int start, int end) {
    if (end - position < count) {
      throw Refusals.invalid("it ends within the field at byte " + start);
    }
    position += count;
  }

  private long varint(int end) {
    int start = position;
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (position == end) {
        throw Refusals.invalid("it ends within the field at byte " + start);
      }
      byte next = file.get(position++);
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw Refusals.invalid("no number starts at byte " + start);
  }
}
