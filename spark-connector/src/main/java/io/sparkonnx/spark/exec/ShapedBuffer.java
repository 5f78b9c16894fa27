package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.spark.bind.InputSlot;
import java.util.function.LongConsumer;

/** A buffer of one argument whose rows may differ in shape. */
abstract class ShapedBuffer extends InputBuffer {
  final RowShapes shapes;
  final ElementStore store;

  ShapedBuffer(InputSlot slot, LongConsumer growth) {
    super(slot);
    this.shapes = new RowShapes(slot, growth);
    this.store = ElementStore.of(slot.element(), growth);
  }

  @Override
  void reserve(int rows) {
    shapes.reserve(rows, store);
  }

  @Override
  boolean isOpen() {
    return shapes.isOpen();
  }

  @Override
  int shape(int row) {
    return shapes.shape(row);
  }

  @Override
  int[] dims(int row) {
    return shapes.dims(row);
  }

  @Override
  int start(int row) {
    return shapes.start(row);
  }

  @Override
  ElementStore store() {
    return store;
  }

  @Override
  Tensor tensor(int from, int to) {
    return shapes.tensor(from, to, store);
  }

  @Override
  int elementsPerRow() {
    return shapes.elementsPerRow();
  }

  @Override
  int reservedPerRow() {
    return shapes.isOpen() ? 0 : shapes.elementsPerRow();
  }
}
