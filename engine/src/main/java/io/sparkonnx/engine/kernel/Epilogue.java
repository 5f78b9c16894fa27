package io.sparkonnx.engine.kernel;

/**
 * What happens to a dot product before it is stored: {@code y = activation(scale·acc + bias)},
 * where {@code scale·acc} is left out for scale 1 and the bias is one plain addition.
 *
 * @param scale factor on the dot product
 * @param biasAxis which index of the output selects the bias element
 * @param bias bias elements from index 0; null exactly for {@link BiasAxis#NONE}
 * @param activation applied last; null for none
 * @param alpha the activation's first parameter
 * @param beta the activation's second parameter
 */
public record Epilogue(
    float scale,
    BiasAxis biasAxis,
    float[] bias,
    UnaryFunction activation,
    float alpha,
    float beta) {

  /** Where a bias lies. */
  public enum BiasAxis {
    NONE,
    ROW,
    COLUMN
  }

  /** Stores the dot product as it is. */
  public static final Epilogue IDENTITY = new Epilogue(1f, BiasAxis.NONE, null, null, 0f, 0f);

  public Epilogue withBias(BiasAxis axis, float[] values) {
    return new Epilogue(scale, axis, values, activation, alpha, beta);
  }

  public Epilogue withActivation(UnaryFunction f, float a, float b) {
    return new Epilogue(scale, biasAxis, bias, f, a, b);
  }
}
