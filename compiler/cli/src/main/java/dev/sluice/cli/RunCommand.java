package dev.sluice.cli;

import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.runtime.Recurrent;
import dev.sluice.runtime.Sequential;
import dev.sluice.runtime.Sizes;
import dev.sluice.runtime.Tensor;
import dev.sluice.runtime.io.Checkpoint;
import dev.sluice.runtime.io.Npy;
import dev.sluice.runtime.io.NpyFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `run FILE --weights W --input x=x.npy --out DIR`: the compiled cell on arrays.
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Compile a cell, run it over sequences, and write what comes out as .npy files.",
      "Shapes: inputs [T, B, I], states [B, H], matrices [out, in]; lengths are found from them.",
      "Writes output.npy and final_<state>.npy; when gradients are given also grad_<parameter>.npy,"
          + " grad_<input>.npy and grad_initial_<state>.npy of sum(output*g) + sum(final*g)."
    })
final class RunCommand implements Callable<Integer> {
  @Mixin private CellFile file;
  @Mixin private SizeOptions sizes;
  @Mixin private WeightsOption format;

  @Option(
      names = "--weights",
      required = true,
      paramLabel = "W",
      description = "A folder of NAME.npy, or a .safetensors file.")
  private Path weights;

  @Option(
      names = "--input",
      paramLabel = "NAME=FILE",
      description = "An input at every step, [T, B, I]. Once for each input of the cell.")
  private final Map<String, Path> inputs = new LinkedHashMap<>();

  @Option(
      names = "--initial",
      paramLabel = "STATE=FILE",
      description = "What a state starts from, [B, H]. Default: what the cell says.")
  private final Map<String, Path> initial = new LinkedHashMap<>();

  @Option(
      names = "--lengths",
      paramLabel = "N",
      split = ",",
      description = "Steps of each sequence of the batch. Default: all have T.")
  private int @Nullable [] lengths;

  @Option(
      names = "--grad-output",
      paramLabel = "FILE",
      description = "Gradient of the loss by the output, [T, B, O].")
  private @Nullable Path gradOutput;

  @Option(
      names = "--grad-final",
      paramLabel = "STATE=FILE",
      description = "Gradient of the loss by a final state, [B, H].")
  private final Map<String, Path> gradFinal = new LinkedHashMap<>();

  @Option(names = "--states", description = "Write states_<state>.npy too, [T, B, H].")
  private boolean states;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where results go.")
  private Path directory;

  @Option(names = "--json", description = "Write names and shapes of the results as JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    Compiled compiled = file.compile(file.options(), err);
    Cell cell = compiled.cell();
    RunData data = data(cell);
    if (format.narrow() && (states || data.wantsGradients())) {
      throw new UserError(
          "--weights-as %s is for inference: expected no --states, --grad-output and --grad-final"
              .formatted(WeightsOption.word(format.format())));
    }
    Map<String, Tensor> parameters = read(weights, () -> Checkpoint.read(weights));
    checkNames(cell, parameters);
    Sizes lengthsOfVectors = sizes(cell, data, parameters);
    try (Sequential network = Sequential.of(Recurrent.of(compiled.load(), lengthsOfVectors))) {
      setWeights(network, parameters, err);
      SequencedMap<String, Tensor> results =
          new RunPass(cell, network, data, states, format.format()).results();
      read(
          directory,
          () -> {
            NpyFolder.write(directory, results);
            return results;
          });
      tell(results);
    }
    return Exit.OK;
  }

  private RunData data(Cell cell) {
    return new RunData(
        cell,
        readAll(inputs),
        readAll(initial),
        lengths == null ? new int[0] : lengths,
        gradOutput == null ? null : readNpy(gradOutput),
        readAll(gradFinal));
  }

  private Sizes sizes(Cell cell, RunData data, Map<String, Tensor> parameters) {
    Lengths found = new Lengths(cell, sizes.given());
    cell.inputs().forEach(i -> found.add("input " + i.symbol(), i.shape(), data.input(i)));
    for (Cell.State state : cell.states()) {
      Tensor tensor = data.initial().get(state.symbol().plain());
      if (tensor != null) {
        found.add("initial " + state.symbol(), state.shape(), tensor);
      }
    }
    for (Cell.Parameter parameter : cell.parameters()) {
      Tensor tensor = parameters.get(parameter.symbol().plain());
      if (tensor != null) {
        found.add("parameter " + parameter.symbol(), parameter.shape(), tensor);
      }
    }
    return found.sizes();
  }

  /// A file of other software has other names: said before any length is missed.
  private void checkNames(Cell cell, Map<String, Tensor> given) {
    List<String> names = cell.parameters().stream().map(p -> p.symbol().plain()).toList();
    if (!names.isEmpty() && names.stream().noneMatch(given::containsKey)) {
      throw new UserError(
          "%s has none of the parameters %s of %s; its arrays are %s: give them the cell's names"
              .formatted(weights, names, file.shown(), given.keySet()));
    }
  }

  /// Sets the cell's parameters; a folder may hold other arrays beside them.
  private void setWeights(Sequential network, Map<String, Tensor> given, PrintWriter err) {
    Map<String, Tensor> known = new LinkedHashMap<>(given);
    known.keySet().retainAll(network.weights().toMap().keySet());
    boolean complete = known.size() == network.weights().names().size();
    network.weights().setAll(complete ? known : given);
    if (known.size() < given.size()) {
      err.println(
          "note: %s holds %d arrays that are no parameters of %s"
              .formatted(weights, given.size() - known.size(), file.shown()));
    }
  }

  private void tell(SequencedMap<String, Tensor> results) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Map<String, Object> shapes = new LinkedHashMap<>();
      results.forEach(
          (name, t) -> shapes.put(name, java.util.Arrays.stream(t.shape()).boxed().toList()));
      out.println(Json.of(shapes));
    } else {
      results.forEach(
          (name, tensor) ->
              out.println(
                  directory.resolve(name + ".npy")
                      + "  "
                      + java.util.Arrays.toString(tensor.shape())));
    }
  }

  private static Map<String, Tensor> readAll(Map<String, Path> files) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    files.forEach((name, path) -> tensors.put(name, readNpy(path)));
    return tensors;
  }

  private static Tensor readNpy(Path path) {
    return read(path, () -> Npy.read(path));
  }

  /// Work on files.
  private interface FileWork<T> {
    T run() throws IOException;
  }

  private static <T> T read(Path path, FileWork<T> work) {
    try {
      return work.run();
    } catch (IOException e) {
      throw UserError.of(path, e);
    }
  }
}
