package io.sparkonnx.engine.kernel.scalar;

/** Functions with a few branches. NaN fails every comparison and comes out as NaN. */
public final class Piecewise {
  /** The float next to 1/6. */
  public static final float SIXTH = 1f / 6f;

  private Piecewise() {}

  static float sign(float x) {
    float y = x > 0f ? 1f : x;
    return x < 0f ? -1f : y;
  }

  static float relu(float x) {
    return x <= 0f ? 0f : x;
  }

  static float leakyRelu(float x, float alpha) {
    return x < 0f ? alpha * x : x;
  }

  static float thresholdedRelu(float x, float alpha) {
    return x <= alpha ? 0f : x;
  }

  static float clip(float x, float min, float max) {
    float c = x < min ? min : x;
    return c > max ? max : c;
  }

  static float elu(float x, float alpha) {
    return x < 0f ? alpha * Exponential.expm1(x) : x;
  }

  static float selu(float x, float alpha, float beta) {
    return beta * (x > 0f ? x : alpha * Exponential.expm1(x));
  }

  static float celu(float x, float alpha) {
    float e = alpha * Exponential.expm1(x / alpha);
    return (x < 0f ? 0f : x) + (e > 0f ? 0f : e);
  }

  static float softsign(float x) {
    return x / (1f + Math.abs(x));
  }

  static float hardSigmoid(float x, float alpha, float beta) {
    return clip(Math.fma(x, alpha, beta), 0f, 1f);
  }

  static float hardSwish(float x) {
    return x * clip(Math.fma(x, SIXTH, 0.5f), 0f, 1f);
  }

  static float prelu(float x, float slope) {
    return x < 0f ? slope * x : x;
  }
}
