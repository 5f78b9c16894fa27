/**
 * Runs test cases in ONNX's own form: a folder with {@code model.onnx} and {@code
 * test_data_set_N/{input_K,output_K}.pb}.
 */
package io.sparkonnx.engine.check;
