import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Properties;
import org.apache.zeppelin.interpreter.Interpreter;
import org.apache.zeppelin.interpreter.InterpreterContext;
import org.apache.zeppelin.interpreter.InterpreterGroup;
import org.apache.zeppelin.interpreter.InterpreterOutput;
import org.apache.zeppelin.interpreter.InterpreterResult;
import org.apache.zeppelin.interpreter.InterpreterResultMessage;
import org.apache.zeppelin.python.PythonInterpreter;

/**
 * Runs the {@code %python} paragraphs of Zeppelin notes, each note in an interpreter of its own.
 *
 * <p>Arguments: the Python to use, {@code --save} to write results into the notes, {@code --}, the notes.
 */
final class RunNotes {
  private static final String PYTHON = "%python";

  public static void main(String[] args) throws Exception {
    List<String> words = List.of(args);
    boolean save = words.contains("--save");
    int failed = 0;
    int passed = 0;
    for (String file : words.subList(words.indexOf("--") + 1, words.size())) {
      System.out.println(file);
      Path path = Path.of(file);
      JsonObject note = new Gson().fromJson(Files.readString(path), JsonObject.class);
      List<String> errors = run(note, words.get(0));
      errors.forEach(System.out::println);
      failed += errors.size();
      passed += paragraphs(note).size() - errors.size();
      if (save && errors.isEmpty()) {
        Gson gson = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
        Files.writeString(path, gson.toJson(note) + "\n");
      }
    }
    System.out.println("Zeppelin paragraphs: " + passed + " passed, " + failed + " failed");
    System.exit(failed == 0 && passed > 0 ? 0 : 1);
  }

  private static List<JsonObject> paragraphs(JsonObject note) {
    List<JsonObject> paragraphs = new ArrayList<>();
    for (JsonElement paragraph : note.getAsJsonArray("paragraphs")) {
      if (text(paragraph).startsWith(PYTHON)) {
        paragraphs.add(paragraph.getAsJsonObject());
      }
    }
    return paragraphs;
  }

  private static String text(JsonElement paragraph) {
    return paragraph.getAsJsonObject().get("text").getAsString();
  }

  /** Runs a note and puts the results into it; what went wrong. */
  private static List<String> run(JsonObject note, String python) throws Exception {
    Properties settings = new Properties();
    settings.setProperty("zeppelin.python", python);
    settings.setProperty("zeppelin.python.useIPython", "false");
    settings.setProperty("zeppelin.python.maxResult", "1000");
    settings.setProperty("zeppelin.py4j.useAuth", "true");
    Interpreter interpreter = new PythonInterpreter(settings);
    InterpreterGroup group = new InterpreterGroup();
    group.put("session", new LinkedList<>(List.of(interpreter)));
    interpreter.setInterpreterGroup(group);
    List<String> errors = new ArrayList<>();
    InterpreterContext.set(context("start"));
    interpreter.open();
    try {
      for (JsonObject paragraph : paragraphs(note)) {
        InterpreterContext context = context(paragraph.get("id").getAsString());
        InterpreterContext.set(context);
        String code = text(paragraph).substring(PYTHON.length());
        InterpreterResult result = interpreter.interpret(code, context);
        context.out.flush();
        List<InterpreterResultMessage> messages = new ArrayList<>();
        messages.addAll(context.out.toInterpreterResultMessage());
        messages.addAll(result.message());
        if (result.code() != InterpreterResult.Code.SUCCESS || messages.isEmpty()) {
          errors.add(paragraph.get("title").getAsString() + ": " + result.code() + " " + messages);
        }
        paragraph.add("results", json(result.code(), messages));
      }
    } finally {
      interpreter.close();
    }
    return errors;
  }

  private static InterpreterContext context(String paragraph) {
    return InterpreterContext.builder()
        .setNoteId("note")
        .setParagraphId(paragraph)
        .setInterpreterOut(new InterpreterOutput())
        .setLocalProperties(new HashMap<>())
        .build();
  }

  private static JsonObject json(
      InterpreterResult.Code code, List<InterpreterResultMessage> messages) {
    JsonArray array = new JsonArray();
    for (InterpreterResultMessage message : messages) {
      JsonObject each = new JsonObject();
      each.addProperty("type", message.getType().name());
      each.addProperty("data", message.getData());
      array.add(each);
    }
    JsonObject results = new JsonObject();
    results.addProperty("code", code.name());
    results.add("msg", array);
    return results;
  }
}
