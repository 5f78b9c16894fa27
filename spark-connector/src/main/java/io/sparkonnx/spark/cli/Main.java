package io.sparkonnx.spark.cli;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.device.DeviceException;
import io.sparkonnx.gpu.GpuException;
import io.sparkonnx.spark.exec.CallException;
import io.sparkonnx.spark.score.ScoreException;
import java.io.IOException;
import java.io.PrintWriter;
import org.apache.spark.SparkException;
import org.apache.spark.SparkThrowable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Entry point of {@code bin/spark-onnx}. */
@Command(
    name = "spark-onnx",
    description = "ONNX batch inference inside Apache Spark.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      ScoreCommand.class,
      RunsCommand.class,
      InspectCommand.class,
      CheckCommand.class,
      ProfileCommand.class,
      DevicesCommand.class,
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  private Main() {}

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setParameterExceptionHandler(usageErrors())
        .setExecutionExceptionHandler(failures())
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "a command is needed: " + spec.subcommands().keySet());
  }

  private static IParameterExceptionHandler usageErrors() {
    return (e, args) -> {
      CommandLine command = e.getCommandLine();
      report(command.getErr(), "USAGE", e.getMessage());
      command.getErr().println("see: " + command.getCommandSpec().qualifiedName() + " --help");
      return CommandLine.ExitCode.USAGE;
    };
  }

  private static IExecutionExceptionHandler failures() {
    return (e, command, parsed) -> {
      if (e instanceof OnnxException refused) {
        report(command.getErr(), refused.code().name(), refused.getMessage());
        return CommandLine.ExitCode.USAGE;
      }
      if (e instanceof DeviceException failed) {
        report(command.getErr(), "DEVICE_" + failed.code().name(), failed.getMessage());
        return failed.code() == DeviceException.Code.NOT_AVAILABLE
            ? CommandLine.ExitCode.USAGE
            : CommandLine.ExitCode.SOFTWARE;
      }
      if (e instanceof GpuException refused) {
        report(command.getErr(), refused.code().name(), refused.getMessage());
        return CommandLine.ExitCode.USAGE;
      }
      if (e instanceof CliException wrong) {
        report(command.getErr(), wrong.code(), wrong.getMessage());
        return CommandLine.ExitCode.USAGE;
      }
      if (e instanceof ScoreException wrong) {
        report(command.getErr(), wrong.code().name(), wrong.getMessage());
        return wrong.status().code();
      }
      if (e instanceof IOException failed) {
        report(command.getErr(), "IO_FAILED", String.valueOf(failed.getMessage()));
        return CommandLine.ExitCode.SOFTWARE;
      }
      CallException call = callIn(e);
      if (call != null) {
        report(command.getErr(), call.getCondition(), call.getMessage());
        return CommandLine.ExitCode.SOFTWARE;
      }
      if (e instanceof SparkThrowable refused) {
        boolean failed = e instanceof SparkException;
        report(command.getErr(), failed ? "JOB_FAILED" : refused.getCondition(), cause(e));
        return failed ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.USAGE;
      }
      throw e;
    };
  }

  /** The failed call that made a job fail, or null. */
  private static CallException callIn(Throwable failure) {
    Throwable cause = failure;
    while (cause != null && !(cause instanceof CallException)) {
      cause = cause.getCause();
    }
    return (CallException) cause;
  }

  /** The first line of the innermost message. */
  private static String cause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
  }

  /** One line; Spark's messages start with their condition, which is not said twice. */
  private static void report(PrintWriter err, String code, String message) {
    String condition = "[" + code + "] ";
    String text = message.startsWith(condition) ? message.substring(condition.length()) : message;
    err.println("error [" + code + "]: " + text.replace('\n', ' '));
  }
}
