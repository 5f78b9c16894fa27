package io.sparkonnx.engine.op;

import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.UnaryFunction;

/**
 * An element-wise function that an operator applies to its float result before storing it.
 *
 * @param function the function; null for none
 * @param alpha its first parameter
 * @param beta its second parameter
 */
public record Activation(UnaryFunction function, float alpha, float beta) {
  public static final Activation NONE = new Activation(null, 0f, 0f);

  public boolean isNone() {
    return function == null;
  }

  /** {@code epilogue} with this applied last. */
  public Epilogue after(Epilogue epilogue) {
    return isNone() ? epilogue : epilogue.withActivation(function, alpha, beta);
  }
}
