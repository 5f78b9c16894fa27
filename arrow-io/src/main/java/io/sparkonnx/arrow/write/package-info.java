/** From columns to Arrow vectors; one family of types per class. */
package io.sparkonnx.arrow.write;
