/**
 * Who may use how many bytes of which device, and when. A device is a name and bytes here; nothing
 * in this package knows OpenCL or Spark.
 */
package io.sparkonnx.gpu;
