package io.sparkonnx.engine.plan;

import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.Step;

/**
 * One node with its executable step.
 *
 * @param node the node
 * @param step what runs on the CPU; null where a device runs the node
 * @param deviceStep what runs on the plan's device; null where the CPU runs the node
 * @param inputs slot of each input; −1 for a left-out one
 * @param outputs slot of each output; −1 for a left-out one
 * @param isPrebuiltView whether the output is a view of a planned value, so that nothing has to run
 */
public record PlanStep(
    Node node,
    Step step,
    DeviceStep deviceStep,
    int[] inputs,
    int[] outputs,
    boolean isPrebuiltView) {}
