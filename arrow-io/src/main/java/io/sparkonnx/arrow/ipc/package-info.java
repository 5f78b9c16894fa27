/**
 * Arrow IPC files and streams: record batches bounded in bytes, compressed buffers, checked input.
 */
package io.sparkonnx.arrow.ipc;
