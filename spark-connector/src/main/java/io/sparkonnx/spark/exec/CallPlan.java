package io.sparkonnx.spark.exec;

import io.sparkonnx.spark.bind.BoundCall;
import io.sparkonnx.spark.bind.InputSlot;
import io.sparkonnx.spark.device.Placement;
import io.sparkonnx.spark.model.ShippedModel;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.types.DataType;

/**
 * A call as tasks get it.
 *
 * @param result index of its result among the results of the node
 * @param call the model and its slots
 * @param batchSize rows of one run at most
 * @param pads whether sequences are padded
 * @param placement where it runs
 * @param model the model's bytes
 * @param types of the arguments, in the order of the slots
 * @param names of the arguments, for messages
 * @param ordinals where each argument is in the row of arguments
 */
record CallPlan(
    int result,
    BoundCall call,
    int batchSize,
    boolean pads,
    Placement placement,
    ShippedModel model,
    List<DataType> types,
    List<String> names,
    List<Integer> ordinals)
    implements Serializable {

  List<DataType> types(InputSlot slot) {
    return types.subList(slot.first(), slot.first() + slot.arguments());
  }

  int[] ordinals(InputSlot slot) {
    return ordinals.subList(slot.first(), slot.first() + slot.arguments()).stream()
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
