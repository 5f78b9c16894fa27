/** Measures models on random inputs. */
package io.sparkonnx.engine.profile;
