package dev.sluice.compiler.same;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.CellCompiler;
import dev.sluice.compiler.Options;
import dev.sluice.compiler.SluiceCompiler;
import dev.sluice.compiler.canon.Canon;
import dev.sluice.compiler.ir.Array;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Interpreter;
import dev.sluice.compiler.ir.IrPrinter;
import dev.sluice.compiler.ir.RandomCells;
import dev.sluice.compiler.ir.RandomValues;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.ir.Values;
import dev.sluice.compiler.ir.flat.Operands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Cells that are called equal compute the same with converted weights; disguised ones are found.
class EqualFormsTest {
  private static final Path CELLS = Path.of("../../samples/cells");
  private static final Set<UpTo> USUAL = EnumSet.of(UpTo.PERMUTATION, UpTo.SIGN, UpTo.BIAS);

  static LongStream seeds() {
    return LongStream.range(0, 150);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aDisguisedRandomCellIsFound(long seed) {
    Cell plain = RandomCells.cell(seed);
    Cell a = Canon.rewrite(plain);
    Cell b = Canon.rewrite(new Disguise(seed).of(plain));
    Optional<Verdict> verdict = NormalForms.of(a, USUAL).equal(NormalForms.of(b, USUAL));
    assertThat(verdict)
        .as("%s\n%s", IrPrinter.print(a), IrPrinter.print(b))
        .containsInstanceOf(Verdict.Equal.class);
    assertConverts(a, b, ((Verdict.Equal) verdict.get()).conversion(), seed);
  }

  /// Other names, other orders, matrix states the other way round.
  private static final class Disguise {
    private final Random random;
    private final Map<Symbol, Symbol> names = new HashMap<>();
    private final boolean turns;

    Disguise(long seed) {
      this.random = new Random(seed);
      this.turns = random.nextBoolean();
    }

    private Symbol name(Symbol symbol) {
      return names.computeIfAbsent(symbol, _ -> Symbol.of("n" + names.size()));
    }

    Cell of(Cell cell) {
      List<Equation> equations =
          cell.equations().stream()
              .map(
                  e ->
                      new Equation(
                          name(e.target()),
                          isTurned(e.shape()) ? turned(e.value()) : of(e.value()),
                          e.origin()))
              .toList();
      LinkedHashMap<String, List<Symbol>> dimensions = new LinkedHashMap<>();
      cell.dimensions()
          .forEach((d, all) -> dimensions.put(d, all.stream().map(this::name).toList()));
      List<Cell.Parameter> parameters =
          new ArrayList<>(
              cell.parameters().stream()
                  .map(p -> new Cell.Parameter(name(p.symbol()), p.shape(), p.initialiser()))
                  .toList());
      Collections.shuffle(parameters, random);
      return new Cell(
          "disguised",
          cell.inputs().stream().map(i -> new Cell.Input(name(i.symbol()), i.shape())).toList(),
          cell.states().stream()
              .map(s -> new Cell.State(name(s.symbol()), turned(s.shape()), s.initial()))
              .toList(),
          parameters,
          equations,
          name(cell.output()),
          dimensions);
    }

    private boolean isTurned(Shape shape) {
      return turns && shape instanceof Shape.Matrix;
    }

    private Shape turned(Shape shape) {
      return turns && shape instanceof Shape.Matrix(Dim n, Dim m) ? Shape.matrix(m, n) : shape;
    }

    private boolean readsTurned(Expr e) {
      boolean[] found = {false};
      Operands.values(e, v -> found[0] |= isTurned(v.shape()));
      return found[0];
    }

    /// The transpose of a matrix that changes with time.
    private Expr turned(Expr e) {
      return switch (e) {
        case Expr.Value(Symbol symbol, int delay, Shape shape) ->
            new Expr.Value(name(symbol), delay, turned(shape));
        case Expr.Outer(Expr a, Expr b) -> new Expr.Outer(of(b), of(a));
        case Expr.Spread(Expr x, Expr.Axis axis, Dim count) ->
            new Expr.Spread(
                of(x), axis == Expr.Axis.ROWS ? Expr.Axis.COLUMNS : Expr.Axis.ROWS, count);
        case Expr.Parameter p -> new Expr.Transpose(of(p));
        default -> Operands.map(e, x -> x.shape() instanceof Shape.Matrix ? turned(x) : of(x));
      };
    }

    private Expr of(Expr e) {
      return switch (e) {
        case Expr.Parameter(Symbol symbol, var shape) -> new Expr.Parameter(name(symbol), shape);
        case Expr.Value(Symbol symbol, int delay, var shape) ->
            new Expr.Value(name(symbol), delay, shape);
        case Expr.MatMul(Expr.Transpose(Expr x), Expr b) when readsTurned(x) ->
            new Expr.MatMul(turned(x), of(b));
        case Expr.MatMul(Expr x, Expr b) when readsTurned(x) ->
            new Expr.MatMul(new Expr.Transpose(turned(x)), of(b));
        case Expr.Sum(List<Expr> terms) -> {
          List<Expr> shuffled = new ArrayList<>(terms.stream().map(this::of).toList());
          Collections.shuffle(shuffled, random);
          yield new Expr.Sum(shuffled);
        }
        case Expr.Binary(Expr.BinaryOp op, Expr a, Expr b)
            when op == Expr.BinaryOp.ADD || op == Expr.BinaryOp.MULTIPLY ->
            new Expr.Binary(op, of(b), of(a));
        default -> Operands.map(e, this::of);
      };
    }
  }

  /// All pairs of samples: who is called equal is equal.
  @Test
  void equalSamplesAreEqual() throws IOException {
    List<Cell> cells = new ArrayList<>();
    try (Stream<Path> files = Files.list(CELLS)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".cell")).sorted().toList()) {
        Options options = Options.named(SluiceCompiler.cellName(file));
        cells.add(CellCompiler.canonical(SluiceCompiler.read(file), options).value().orElseThrow());
      }
    }
    List<NormalForms> forms = cells.stream().map(c -> NormalForms.of(c, USUAL)).toList();
    List<String> equal = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      for (int k = i; k < cells.size(); k++) {
        Optional<Verdict> verdict = forms.get(i).equal(forms.get(k));
        if (verdict.isPresent()) {
          assertConverts(
              cells.get(i), cells.get(k), ((Verdict.Equal) verdict.get()).conversion(), 3);
          equal.add(cells.get(i).name() + " = " + cells.get(k).name());
        }
      }
    }
    assertThat(equal).contains("lstm = lstm_block", "gru = gru_write");
    for (Cell cell : cells) {
      assertThat(equal).contains(cell.name() + " = " + cell.name());
    }
  }

  static void assertConverts(Cell a, Cell b, Conversion conversion, long seed) {
    Map<String, Integer> sizes = RandomCells.sizes(a, seed);
    Interpreter first = Interpreter.of(a, sizes);
    Values given = RandomValues.of(first, 4, List.of(4), seed).withInitial(Map.of());
    Map<String, Array> converted = conversion.convert(given.parameters(), sizes);
    Map<String, double[][][]> inputs = new HashMap<>();
    conversion.inputs().forEach((x, y) -> inputs.put(y, given.inputs().get(x)));
    Interpreter second = Interpreter.of(b, conversion.sizesOfSecond(sizes));
    b.inputs().stream()
        .filter(i -> !inputs.containsKey(i.symbol().plain()))
        .forEach(
            i ->
                inputs.put(
                    i.symbol().plain(), new double[4][1][Array.size(i.shape(), second.sizes())]));
    double[][][] expected = first.run(Values.of(4, 1, given.parameters(), given.inputs())).output();
    double[][][] found = second.run(Values.of(4, 1, converted, inputs)).output();
    for (int t = 0; t < expected.length; t++) {
      for (int i = 0; i < expected[t][0].length; i++) {
        double x = expected[t][0][i];
        if (Double.isFinite(x)) {
          assertThat(found[t][0][i])
              .as("%s and %s at step %d", a.name(), b.name(), t)
              .isCloseTo(x, org.assertj.core.data.Offset.offset(1e-9 * (1 + Math.abs(x))));
        }
      }
    }
  }
}
