package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.spark.bind.InputSlot;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.vectorized.ColumnVector;

/** The inputs of one call: the rows that were gathered, and the bytes that these take. */
final class InputBuffers {
  private final CallErrors errors;
  private final Runnable growing;
  private final InputBuffer[] buffers;
  private final int[][] ordinals;

  /** How many rows the buffers have room for, as far as their sizes are known. */
  private int reserved;

  /** Bytes that the buffers have grown by for rows of open shapes and for text. */
  private long grownBytes;

  /** Whether rows have come. */
  private boolean seen;

  /** Bytes of text that a row has, the most that was seen. */
  private long textPerRow;

  /**
   * @param byColumns inputs whose columns are copied in one piece each
   * @param growing called before a buffer grows beyond what was reserved, {@link #reservedBytes}
   *     being what it is about to have
   */
  InputBuffers(CallPlan plan, Set<String> byColumns, CallErrors errors, Runnable growing) {
    this.errors = errors;
    this.growing = growing;
    List<InputSlot> slots = plan.call().inputs();
    this.buffers =
        slots.stream()
            .map(slot -> buffer(plan, slot, byColumns.contains(slot.input())))
            .toArray(InputBuffer[]::new);
    this.ordinals = slots.stream().map(plan::ordinals).toArray(int[][]::new);
  }

  private InputBuffer buffer(CallPlan plan, InputSlot slot, boolean byColumns) {
    return byColumns
        ? new ColumnsBuffer(slot, plan.types(slot))
        : InputBuffer.of(slot, plan.types(slot), this::grow);
  }

  private void grow(long bytes) {
    grownBytes += bytes;
    growing.run();
  }

  List<InputBuffer> all() {
    return List.of(buffers);
  }

  /** Bytes that this many rows take, and what buffers have grown by. */
  long bytes(int rows) {
    long bytes = grownBytes;
    for (InputBuffer buffer : buffers) {
      bytes += (long) rows * buffer.reservedPerRow() * buffer.slot.element().storage().bytes();
    }
    return bytes;
  }

  /** Bytes that were copied once more for tensors, so far. */
  long movedBytes() {
    return Arrays.stream(buffers).mapToLong(InputBuffer::movedBytes).sum();
  }

  /** Bytes copied for the first rows, and {@link #movedBytes}. */
  long copiedBytes(int rows) {
    return Arrays.stream(buffers).mapToLong(buffer -> buffer.bytes(rows)).sum() + movedBytes();
  }

  /** Bytes of the rows that there is room for. */
  long reservedBytes() {
    return bytes(reserved);
  }

  /** Learns from the first {@code rows} rows how much text rows have. */
  void seen(int rows) {
    if (rows > 0) {
      seen = true;
      long text = Arrays.stream(buffers).mapToLong(buffer -> buffer.store().textBytes()).sum();
      textPerRow = Math.max(textPerRow, text / rows);
    }
  }

  /** Bytes that a row takes, as far as is known. */
  long bytesPerRow() {
    long bytes = textPerRow;
    for (InputBuffer buffer : buffers) {
      bytes += (long) buffer.elementsPerRow() * buffer.slot.element().storage().bytes();
    }
    return bytes;
  }

  /** Whether it is known how much rows take, by the model or by rows that came. */
  boolean isMeasured() {
    return seen || Arrays.stream(buffers).allMatch(InputBuffers::isKnown);
  }

  private static boolean isKnown(InputBuffer buffer) {
    return buffer.reservedPerRow() > 0 && buffer.slot.element() != ElementType.STRING;
  }

  /** Makes room for this many rows. */
  void reserve(int rows) {
    reserved = rows;
    for (InputBuffer buffer : buffers) {
      buffer.reserve(rows);
    }
  }

  /**
   * Takes the arguments of a row.
   *
   * @param index of the row among those that are gathered; the ones before have been put
   * @param row its index in the batch, for messages
   * @return what is wrong with its values, or null
   */
  CallException putRow(SpecializedGetters arguments, int index, int row) {
    for (int i = 0; i < buffers.length; i++) {
      try {
        buffers[i].putRow(arguments, ordinals[i], index);
      } catch (BadValueException e) {
        return errors.badValue(buffers[i].slot, e, row);
      } catch (OnnxException e) {
        throw errors.failure(e);
      }
    }
    return null;
  }

  /**
   * Takes {@code rows} rows of columns from {@code from} on, which are all that will be gathered.
   *
   * @return what is wrong with the values of one of them, or null
   */
  CallException putColumns(ColumnVector[] columns, int from, int rows) {
    for (int i = 0; i < buffers.length; i++) {
      try {
        buffers[i].putColumns(columns, ordinals[i], from, rows);
      } catch (BadValueException e) {
        return errors.badValue(buffers[i].slot, e, e.row());
      } catch (OnnxException e) {
        throw errors.failure(e);
      }
    }
    return null;
  }

  /** Bytes that each row of a run takes in tensors, strings without their text. */
  long bytesPerRow(RowRun run) {
    long bytes = 0;
    for (InputBuffer buffer : buffers) {
      bytes += buffer.elements(run) * buffer.slot.element().storage().bytes();
    }
    return bytes;
  }

  /** Elements that all sequences together have at one place of a row. */
  long elementsAtPlace(RowRun run) {
    long elements = 0;
    for (InputBuffer buffer : buffers) {
      elements += buffer.slot.isSequence() ? buffer.elementsAtPlace(run.row(0)) : 0;
    }
    return elements;
  }

  /** The inputs of a run. */
  Map<String, OnnxValue> tensors(RowRun run) {
    Map<String, OnnxValue> tensors = new LinkedHashMap<>();
    for (InputBuffer buffer : buffers) {
      tensors.put(
          buffer.slot.input(),
          run.isInPlace()
              ? buffer.tensor(run.row(0), run.row(0) + run.rows())
              : buffer.picked(run));
    }
    return tensors;
  }
}
