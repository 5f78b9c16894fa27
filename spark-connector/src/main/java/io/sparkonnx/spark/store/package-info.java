/** The data source {@code onnx}: models as rows, so that a model store can be queried. */
package io.sparkonnx.spark.store;
