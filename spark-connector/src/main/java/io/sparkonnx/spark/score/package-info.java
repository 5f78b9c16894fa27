/** The batch scoring job: reads rows, adds a model's output to each, writes them. */
package io.sparkonnx.spark.score;
