/**
 * Runs plans. A session owns a workspace: one slab per Java array type, laid out by the plan for
 * each binding of the symbolic dimensions, and grown only when a larger binding comes. Where rows
 * are independent, a block of rows that fits the cache runs through the whole plan before the next
 * starts.
 */
package io.sparkonnx.engine.execute;
