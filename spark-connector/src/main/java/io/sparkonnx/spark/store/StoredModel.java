package io.sparkonnx.spark.store;

import java.io.Serializable;

/**
 * A model file of a store.
 *
 * @param path qualified path
 * @param bytes length of the file
 */
record StoredModel(String path, long bytes) implements Serializable {}
