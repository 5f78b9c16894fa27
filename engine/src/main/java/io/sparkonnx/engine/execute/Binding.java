package io.sparkonnx.engine.execute;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;

/** Values of a plan's symbols in one run, in the plan's order. Usable as a key. */
final class Binding implements ToLongFunction<String> {
  private final List<String> symbols;
  private final long[] values;

  Binding(List<String> symbols, long[] values) {
    this.symbols = symbols;
    this.values = values;
  }

  /** This with the symbols at {@code rowSymbols} bound to {@code rows}. */
  Binding withRows(int[] rowSymbols, int rows) {
    long[] changed = values.clone();
    for (int symbol : rowSymbols) {
      changed[symbol] = rows;
    }
    return new Binding(symbols, changed);
  }

  @Override
  public long applyAsLong(String symbol) {
    int index = symbols.indexOf(symbol);
    if (index < 0) {
      throw new IllegalStateException("dimension " + symbol + " is not bound");
    }
    return values[index];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Binding binding && Arrays.equals(values, binding.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      text.append(i == 0 ? "" : ", ").append(symbols.get(i)).append('=').append(values[i]);
    }
    return text.toString();
  }
}
