package io.sparkonnx.spark;

import io.sparkonnx.gpu.placement.DeviceSetting;
import io.sparkonnx.gpu.placement.FailedDevice;
import io.sparkonnx.gpu.placement.MissingDevice;
import io.sparkonnx.gpu.spark.GpuSettings;
import io.sparkonnx.spark.ConfKey.Scope;
import java.time.Duration;
import java.util.List;

/** The settings that there are; {@link OnnxConf} reads them. */
final class ConfKeys {
  static final ConfKey<Integer> BATCH_SIZE_KEY =
      new ConfKey<>(
          OnnxConf.BATCH_SIZE,
          "batch_size",
          Scope.SESSION,
          "4096",
          null,
          "a number of rows, at least 1,",
          ConfTexts::rows,
          "Rows of one run of a model at most.");

  static final ConfKey<String> MODEL_KEY =
      new ConfKey<>(
          OnnxConf.MODEL_PREFIX + "<name>",
          null,
          Scope.SESSION,
          null,
          "no name",
          "a location",
          ConfTexts::text,
          "Gives a model a short name: `onnx_predict('<name>', …)` runs the model at this location, "
              + "`location` or `location@sha256:HASH`. A name is made of letters, digits, `_` and "
              + "`-`, starts with a letter, and is not `roots`. Permanent views refuse short names.");

  static final ConfKey<List<String>> MODEL_ROOTS_KEY =
      new ConfKey<>(
          OnnxConf.MODEL_ROOTS,
          null,
          Scope.APPLICATION,
          null,
          "everything; in a Spark Connect server everything but `file:` and `http:`",
          "a list of locations, separated by commas,",
          ConfTexts::locations,
          "The folders that models may come from, separated by commas: URIs for Hadoop's file "
              + "systems, `https:`, `http:` or `classpath:`, for example "
              + "`hdfs:///models,https://models.example.com/onnx`.");

  static final ConfKey<Long> MAX_MODEL_BYTES_KEY =
      new ConfKey<>(
          OnnxConf.MAX_MODEL_BYTES,
          null,
          Scope.APPLICATION,
          "64g",
          null,
          "a size such as 512m or 64g",
          ConfTexts::bytes,
          "Bytes of one model at most, external data included. Nine tenths of the driver's heap "
              + "bound it as well.");

  static final ConfKey<Boolean> NAN_FOR_NULL_KEY =
      new ConfKey<>(
          OnnxConf.NAN_FOR_NULL,
          "nan_for_null",
          Scope.SESSION,
          "false",
          null,
          "true or false",
          ConfTexts::truth,
          "Whether NULL becomes NaN in inputs of floating-point numbers; else its row is a bad row. "
              + "A call keeps the value that it was analyzed with.");

  static final ConfKey<Boolean> PADDING_KEY =
      new ConfKey<>(
          OnnxConf.PADDING,
          "padding",
          Scope.SESSION,
          "none",
          null,
          "none or mask",
          ConfTexts::padding,
          "Whether rows of different lengths share a run. `none`: only rows of one length do. "
              + "`mask`: where the model has an input `attention_mask` or `input_mask` [rows, "
              + "length], every sequence is padded with zeros to the next of the lengths 8, 16, 24, "
              + "32, 40, 48, 56, 64, 80, 96, 112, 128, 160, …, and outputs are cut back. The padded "
              + "length follows from the row's own length, so a row gives the same bits beside any "
              + "others, but the last bits may differ from those without padding. That what the mask "
              + "hides changes nothing is the model's promise. Masks of floats, which may be added "
              + "and not multiplied, are padded only where a call's own option says so.");

  static final ConfKey<String> ZOO_MIRROR_KEY =
      new ConfKey<>(
          OnnxConf.ZOO_MIRROR,
          null,
          Scope.SESSION,
          null,
          "no mirror",
          "a location",
          ConfTexts::text,
          "The folder that holds an `ONNX_HUB_MANIFEST.json` and the models it lists. "
              + "`zoo:resnet50?opset=12` is then the model of that name in the manifest; without "
              + "`opset` the newest.");

  static final ConfKey<Duration> HTTP_TIMEOUT_KEY =
      new ConfKey<>(
          OnnxConf.HTTP_TIMEOUT,
          null,
          Scope.SESSION,
          "30s",
          null,
          "a time such as 500ms or 30s",
          ConfTexts::time,
          "How long an HTTP server may be silent, when it is connected to and while it sends.");

  static final ConfKey<Long> CACHE_MAX_BYTES_KEY =
      new ConfKey<>(
          OnnxConf.CACHE_MAX_BYTES,
          null,
          Scope.APPLICATION,
          null,
          "a quarter of the JVM's heap",
          "a size such as 512m or 2g",
          ConfTexts::bytes,
          "Bytes of models that one JVM keeps ready. Models that no task uses are dropped, the one "
              + "used longest ago first, until the rest fits; the one used last stays. The driver "
              + "keeps broadcasts of models under the same limit.");

  static final ConfKey<DeviceSetting> DEVICE_KEY =
      new ConfKey<>(
          OnnxConf.DEVICE,
          "device",
          Scope.SESSION,
          "auto",
          null,
          "cpu, gpu or auto",
          ConfTexts::device,
          "Where models run. `gpu` is any OpenCL device: GPUs where there are some, else what OpenCL "
              + "lists. `auto` takes what executors measured as faster, and the CPU as long as none "
              + "has measured the model, which they do with the plugin "
              + "`io.sparkonnx.gpu.spark.OnnxGpuPlugin` in `spark.plugins`. It is decided when a "
              + "query starts, in a stream for each micro-batch; `EXPLAIN` tells what and why.");

  static final ConfKey<FailedDevice> DEVICE_FAILED_KEY =
      new ConfKey<>(
          OnnxConf.DEVICE_FAILED,
          null,
          Scope.SESSION,
          "fail",
          null,
          "fail or cpu",
          ConfTexts::failedDevice,
          "What happens to a task whose device fails, or has not enough memory for one row. `fail`: "
              + "the task fails, and Spark runs it again. `cpu`: the rows that are left run on the "
              + "CPU; equal rows of one query may then differ in their last bits.");

  static final ConfKey<MissingDevice> DEVICE_MISSING_KEY =
      new ConfKey<>(
          OnnxConf.DEVICE_MISSING,
          null,
          Scope.SESSION,
          "fail",
          null,
          "fail, warn or cpu",
          ConfTexts::missingDevice,
          "What happens where `gpu` is asked for and there is none: the query fails, runs on the CPU "
              + "with a warning in the log, or runs on the CPU. Where some executors have a device "
              + "and others have none, each does so for its own tasks.");

  static final ConfKey<Boolean> GPU_FLOAT16_KEY =
      new ConfKey<>(
          OnnxConf.GPU_FLOAT16,
          null,
          Scope.APPLICATION,
          "false",
          null,
          "true or false",
          ConfTexts::truth,
          "Whether devices hold the weights of matrix products and convolutions as float16, in half "
              + "of the memory. Sums still run in float32. A weight w then differs by at most "
              + "|w|/2048, and by 2^-25 where it is tiny; a tensor of weights that reaches beyond 65504 "
              + "stays as it is. Results on a device stay independent of the batch, but differ from "
              + "the CPU's.");

  static final ConfKey<Long> GPU_MEMORY_KEY =
      new ConfKey<>(
          GpuSettings.MEMORY,
          null,
          Scope.APPLICATION,
          null,
          "the share that `" + GpuSettings.SHARE + "` says",
          "a size such as 512m or 8g",
          ConfTexts::bytes,
          "Bytes that an executor uses of each of its devices, weights included.");

  static final ConfKey<Double> GPU_PER_TASK_KEY =
      new ConfKey<>(
          OnnxConf.GPU_PER_TASK,
          null,
          Scope.SESSION,
          null,
          "what `spark.task.resource.gpu.amount` says",
          "a whole number, or a number over 0 and at most 0.5,",
          ConfTexts::amount,
          "What a task of a stage with a model on a device asks Spark for of the resource `gpu`: the "
              + "stage gets a task resource profile, so that other stages need no GPU. For cluster "
              + "managers that have stage-level resources.");

  static final ConfKey<Long> GPU_RESERVE_KEY =
      new ConfKey<>(
          GpuSettings.RESERVE,
          null,
          Scope.APPLICATION,
          "0",
          null,
          "a size such as 512m or 1g",
          ConfTexts::bytes,
          "The part of these bytes that stays free, for what the driver takes itself.");

  static final ConfKey<Duration> GPU_TIMEOUT_KEY =
      new ConfKey<>(
          OnnxConf.GPU_TIMEOUT,
          null,
          Scope.APPLICATION,
          "5min",
          null,
          "a time such as 30s or 5min",
          ConfTexts::time,
          "How long one command on a device may take. A device that needs longer counts as hung and is "
              + "not used again by its executor, since what runs there cannot be ended.");

  static final ConfKey<Double> GPU_SHARE_KEY =
      new ConfKey<>(
          GpuSettings.SHARE,
          null,
          Scope.APPLICATION,
          "1",
          null,
          "a number over 0, at most 1,",
          ConfTexts::share,
          "An executor's share of the memory of each of its devices. Executors that use one device "
              + "share it, and with the plugin the driver refuses those whose shares would be more "
              + "than the device has.");

  /** All of them, by name. */
  static final List<ConfKey<?>> ALL =
      List.of(
          BATCH_SIZE_KEY,
          CACHE_MAX_BYTES_KEY,
          DEVICE_KEY,
          DEVICE_FAILED_KEY,
          DEVICE_MISSING_KEY,
          GPU_FLOAT16_KEY,
          GPU_MEMORY_KEY,
          GPU_PER_TASK_KEY,
          GPU_RESERVE_KEY,
          GPU_SHARE_KEY,
          GPU_TIMEOUT_KEY,
          HTTP_TIMEOUT_KEY,
          MAX_MODEL_BYTES_KEY,
          MODEL_KEY,
          MODEL_ROOTS_KEY,
          NAN_FOR_NULL_KEY,
          PADDING_KEY,
          ZOO_MIRROR_KEY);

  private ConfKeys() {}
}
