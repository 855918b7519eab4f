package dev.sluice.cli;

import dev.sluice.compiler.CellCompiler;
import dev.sluice.compiler.Options;
import dev.sluice.compiler.ast.Parse;
import dev.sluice.compiler.ir.Array;
import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.report.Source;
import dev.sluice.compiler.same.Conversion;
import dev.sluice.compiler.same.Same;
import dev.sluice.compiler.same.UpTo;
import dev.sluice.compiler.same.Verdict;
import dev.sluice.runtime.Tensor;
import dev.sluice.runtime.io.Checkpoint;
import dev.sluice.runtime.io.Safetensors;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `same A B`: whether two cells compute the same function.
@Command(
    name = "same",
    mixinStandardHelpOptions = true,
    description = {
      "Say whether two cells compute the same function from their inputs and parameters to their"
          + " output: equal (their normal forms coincide), no difference found (in random trials),"
          + " or different, with the smallest numbers that show it.",
      "Exit code 0: equal, or no difference found; 1: different."
    })
final class SameCommand implements Callable<Integer> {
  @Mixin private CellFile file;

  @Parameters(index = "1", paramLabel = "OTHER", description = "The cell to compare with.")
  private Path other;

  @Option(
      names = "--up-to",
      paramLabel = "WHAT",
      split = ",",
      description =
          "What the cells may differ in: ${COMPLETION-CANDIDATES} (names, the order of gates, a"
              + " weight against its transpose; parameters by their sign, u against 1 - u; two"
              + " biases added; a gate before or after a product, which is another function and so"
              + " never assumed unasked). Default: permutation,sign,bias.")
  private @Nullable List<UpTo> upTo;

  @Option(
      names = "--trials",
      paramLabel = "N",
      defaultValue = "200",
      description = "Random trials where the normal forms differ. Default: ${DEFAULT-VALUE}.")
  private int trials;

  @Option(names = "--seed", defaultValue = "42", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--strict", description = "Exit with 1 where no difference was found, too.")
  private boolean strict;

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = "Parameters of FILE, to be converted: .safetensors, or a folder of NAME.npy.")
  private @Nullable Path weights;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where to write parameters of OTHER that make it compute the same.")
  private @Nullable Path out;

  @Option(names = "--json", description = "Write the result as JSON on one line.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if ((weights == null) != (out == null)) {
      throw new UserError("--weights and --out belong together: what to convert, and where to");
    }
    if (trials < 1) {
      throw new UserError("--trials %d: expected 1 or more".formatted(trials));
    }
    CellFile second = file.with(other);
    Set<String> settings = new HashSet<>();
    Cell a = cell(file, file.cellName(), settings);
    String name = second.cellName();
    Cell b = cell(second, name.equals(a.name()) ? name + "_2" : name, settings);
    for (String setting : file.settings().keySet()) {
      if (!settings.contains(setting)) {
        throw new UserError("--set %s: neither cell has `const %s`".formatted(setting, setting));
      }
    }
    Verdict verdict = Same.compare(a, b, allowed(), trials, seed);
    SameReport report = new SameReport(a, b, file.shown(), second.shown(), verdict);
    PrintWriter writer = spec.commandLine().getOut();
    if (json) {
      writer.println(Json.of(report.json()));
    } else {
      writer.print(report.text());
    }
    if (weights != null && out != null) {
      convert(verdict, a, b, weights, out);
    }
    return switch (verdict) {
      case Verdict.Equal _ -> Exit.OK;
      case Verdict.Undecided _ -> strict ? Exit.WRONG : Exit.OK;
      case Verdict.Different _, Verdict.Incomparable _ -> Exit.WRONG;
    };
  }

  private Set<UpTo> allowed() {
    return upTo == null ? Set.of(UpTo.PERMUTATION, UpTo.SIGN, UpTo.BIAS) : Set.copyOf(upTo);
  }

  /// @param settings gets the hyperparameters that the cell has
  private Cell cell(CellFile cell, String name, Set<String> settings) {
    PrintWriter err = spec.commandLine().getErr();
    Source source = cell.source();
    Map<String, Double> own = new LinkedHashMap<>();
    for (Ast.Statement s :
        cell.accept(source, Parse.file(source, cell.settings()), err).statements()) {
      if (s instanceof Ast.ConstDeclaration c) {
        String constant = c.name().symbol().plain();
        settings.add(constant);
        Double value = cell.settings().get(constant);
        if (value != null) {
          own.put(constant, value);
        }
      }
    }
    Options options = Options.named(name).withSettings(own);
    return cell.accept(source, CellCompiler.canonical(source, options), err);
  }

  private void convert(Verdict verdict, Cell a, Cell b, Path from, Path to) {
    Conversion conversion =
        switch (verdict) {
          case Verdict.Equal e when !e.upTo().contains(UpTo.RESET) -> e.conversion();
          case Verdict.Equal _ ->
              throw new UserError(
                  "no parameters make the cells compute the same: they are equal up to where a"
                      + " gate acts, which changes the function");
          case Verdict.Undecided u -> u.conversion();
          case Verdict.Different _, Verdict.Incomparable _ ->
              throw new UserError("no parameters were found that make the cells compute the same");
        };
    try {
      Map<String, Tensor> tensors = Checkpoint.read(from);
      Lengths lengths = new Lengths(a, Map.of());
      Map<String, Array> given = new LinkedHashMap<>();
      for (Cell.Parameter p : a.parameters()) {
        Tensor tensor = tensors.get(p.symbol().plain());
        if (tensor == null) {
          throw new UserError(
              "%s has no array %s; it has %s".formatted(from, p.symbol(), tensors.keySet()));
        }
        lengths.add("parameter " + p.symbol(), p.shape(), tensor);
      }
      Map<String, Integer> sizes = a.sizes(lengths.sizes().byName());
      for (Cell.Parameter p : a.parameters()) {
        given.put(
            p.symbol().plain(),
            Array.of(
                p.shape(), sizes, doubles(tensors.get(p.symbol().plain()), p.symbol().plain())));
      }
      Map<String, Tensor> converted = new LinkedHashMap<>();
      conversion.convert(given, sizes).forEach((name, array) -> converted.put(name, tensor(array)));
      Safetensors.write(to, converted);
    } catch (IOException e) {
      throw UserError.of(from, e);
    }
  }

  private static double[] doubles(@Nullable Tensor tensor, String name) {
    if (tensor == null) {
      throw new IllegalStateException("no array " + name);
    }
    float[] floats = tensor.toArray();
    double[] numbers = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      numbers[i] = floats[i];
    }
    return numbers;
  }

  private static Tensor tensor(Array array) {
    float[] floats = new float[array.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) array.at(i);
    }
    return switch (array.rank()) {
      case 0 -> Tensor.of(floats);
      case 1 -> Tensor.of(floats, array.rows());
      default -> Tensor.of(floats, array.rows(), array.columns());
    };
  }
}
