/**
 * The scoring job: a description of keys, runs that are staged and published by rename, and what is
 * known of them afterwards.
 */
package io.sparkonnx.spark.score;
