/**
 * The page of Spark's web UI that shows what models do, in live applications and in the history.
 */
package io.sparkonnx.spark.ui;
