package io.sparkonnx.engine;

/** Everything the engine refuses, with a code for programs and one sentence for people. */
public class OnnxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What kind of refusal. */
  public enum Code {
    /** The file cannot be found or read. */
    MODEL_NOT_READABLE,
    /** The bytes are no ONNX model, or one that contradicts itself. */
    INVALID_MODEL,
    /** Operators, versions or types that this engine does not have; the message lists all. */
    UNSUPPORTED_MODEL,
    /** A limit on size, steps or time was reached. */
    LIMIT_EXCEEDED,
    /** Inputs that do not fit the model's signature. */
    INVALID_INPUT,
    /** The values that flowed made an operator impossible, e.g. an index out of range. */
    INVALID_VALUE,
    /** A setting of the engine that means nothing, or that this JVM cannot do. */
    INVALID_SETTING,
    /** The caller asked to stop. */
    CANCELLED
  }

  private final Code code;

  public OnnxException(Code code, String message) {
    super(message);
    this.code = code;
  }

  public OnnxException(Code code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public Code code() {
    return code;
  }
}
