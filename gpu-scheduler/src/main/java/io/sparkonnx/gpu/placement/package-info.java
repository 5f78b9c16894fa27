/** Where a query runs, and why: pure functions of settings, devices and measurements. */
package io.sparkonnx.gpu.placement;
