package io.sparkonnx.engine.plan;

import io.sparkonnx.engine.Batching;
import io.sparkonnx.engine.Signature;
import io.sparkonnx.engine.kernel.Kernels;
import java.util.List;

/**
 * An executable model.
 *
 * @param signature what a run takes and gives
 * @param batching where the rows are
 * @param kernels the kernel set that packed the constants
 * @param slots all values
 * @param steps nodes in order
 * @param buffers planned memory
 * @param inputs slot of each input of the signature
 * @param outputs slot of each output of the signature
 * @param symbols names of the symbolic dimensions of the inputs
 * @param weightBytes bytes of constants, packed ones included
 */
public record Plan(
    Signature signature,
    Batching batching,
    Kernels kernels,
    List<Slot> slots,
    List<PlanStep> steps,
    List<Buffer> buffers,
    int[] inputs,
    int[] outputs,
    List<String> symbols,
    long weightBytes) {}
