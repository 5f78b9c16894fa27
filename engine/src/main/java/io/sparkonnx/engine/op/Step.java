package io.sparkonnx.engine.op;

/** The executable form of one node in one plan. Stateless and shared by all tasks. */
@FunctionalInterface
public interface Step {
  /** Reads the inputs and writes every wanted output. */
  void run(StepContext context);
}
