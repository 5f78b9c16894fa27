/** ONNX inference in pure Java: load a model, read its signature, run batches, close. */
package io.sparkonnx.engine;
