package io.sparkonnx.spark.image;

import java.io.Serializable;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;

/**
 * Makes a model's input of one image.
 *
 * @param name of the SQL function
 * @param column where the image comes from, for messages
 * @param tensor the input's form
 * @param orNull whether an image that does not decode gives NULL, else an error
 */
public record ImageFunction(String name, String column, ImageTensor tensor, boolean orNull)
    implements Serializable {

  /**
   * The elements as an array of floats.
   *
   * @param image an encoded image's bytes, or a struct of Spark's image data source
   */
  public UnsafeArrayData apply(Object image) {
    try {
      Pixels pixels =
          image instanceof InternalRow struct
              ? SparkImage.decode(struct)
              : EncodedImage.decode((byte[]) image);
      return UnsafeArrayData.fromPrimitiveArray(tensor.of(pixels));
    } catch (BadImageException e) {
      if (orNull) {
        return null;
      }
      throw e.at(place(image));
    }
  }

  /** Rows have no numbers here: conditions may have dropped some before. */
  private String place(Object image) {
    TaskContext task = TaskContext.get();
    return name
        + "("
        + column
        + ", …)"
        + (task == null ? "" : ", partition " + task.partitionId())
        + ": image"
        + (image instanceof InternalRow struct ? " " + SparkImage.origin(struct) : "");
  }
}
