package io.sparkonnx.engine.op;

import io.sparkonnx.engine.type.Layout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * An operator that computes the same as another one from inputs in other layouts.
 *
 * @param operator what runs in the other's place
 * @param inputs the layout that each input must have
 * @param output the layout of output 0; any further output is row-major
 */
public record LayoutVariant(Operator operator, List<Layout> inputs, Layout output) {
  public LayoutVariant {
    inputs = List.copyOf(inputs);
  }

  /** Element-wise: the only input and the output have the same layout. */
  public static LayoutVariant elementwise(Operator operator, Layout layout) {
    return new LayoutVariant(operator, List.of(layout), layout);
  }

  /** Input 0 comes in {@code layout}, everything else is row-major. */
  public static LayoutVariant firstInput(Operator operator, Layout layout, int inputs) {
    List<Layout> all = new ArrayList<>(Collections.nCopies(inputs, Layout.ROW_MAJOR));
    all.set(0, layout);
    return new LayoutVariant(operator, all, Layout.ROW_MAJOR);
  }
}
