package dev.sluice.compiler.bind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.ast.Parse;
import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.report.Outcome;
import dev.sluice.compiler.report.Report;
import dev.sluice.compiler.report.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The order of equations does not matter: every sample cell, turned around and shuffled.
class EquationOrderTest {
  private static final Path CELLS = Path.of("../../samples/cells");

  static Stream<Path> samples() throws IOException {
    try (Stream<Path> files = Files.list(CELLS)) {
      return files.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void rolesAndShapesAreTheSame(Path path) throws IOException {
    Source source = new Source(path.getFileName().toString(), Files.readString(path));
    Ast.File file = Parse.file(source).value().orElseThrow();
    Cell cell = bound(file, source);
    List<Ast.Statement> statements = new ArrayList<>(file.statements());
    if (statements.stream().noneMatch(s -> s instanceof Ast.OutputDeclaration)) {
      Ast.Name output = new Ast.Name(cell.output(), Optional.empty(), file.span());
      statements.add(new Ast.OutputDeclaration(output, file.span()));
    }
    Collections.reverse(statements);
    assertThat(shapes(bound(new Ast.File(statements, file.span()), source)))
        .as("turned around")
        .isEqualTo(shapes(cell));
    Random random = new Random(7);
    for (int i = 0; i < 4; i++) {
      Collections.shuffle(statements, random);
      assertThat(shapes(bound(new Ast.File(statements, file.span()), source)))
          .as("shuffled: %s", statements)
          .isEqualTo(shapes(cell));
    }
  }

  private static Cell bound(Ast.File file, Source source) {
    Outcome<Cell> outcome = Bind.cell(file, source, "cell", Map.of());
    assertThat(outcome.isOk()).as(Report.render(source, outcome.problems())).isTrue();
    return outcome.value().orElseThrow();
  }

  /// Inputs, states, parameters and the output with their shapes; a dimension is called by the
  /// first of its vectors in the alphabet, for its own name depends on the order.
  private static Map<String, String> shapes(Cell cell) {
    Map<String, String> names =
        cell.dimensions().entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    e -> e.getValue().stream().map(Symbol::plain).sorted().findFirst().orElse("")));
    Map<String, String> shapes = new TreeMap<>();
    cell.inputs().forEach(i -> shapes.put("input " + i.symbol(), text(i.shape(), names)));
    cell.states().forEach(s -> shapes.put("state " + s.symbol(), text(s.shape(), names)));
    cell.parameters().forEach(p -> shapes.put("parameter " + p.symbol(), text(p.shape(), names)));
    shapes.put("output", cell.output().plain());
    return shapes;
  }

  private static String text(Shape shape, Map<String, String> names) {
    return switch (shape) {
      case Shape.Scalar() -> "scalar";
      case Shape.Vector(Dim n) -> text(n, names);
      case Shape.Matrix(Dim rows, Dim columns) -> text(rows, names) + "×" + text(columns, names);
    };
  }

  private static String text(Dim dim, Map<String, String> names) {
    return dim.terms().entrySet().stream()
            .map(t -> t.getValue() + names.getOrDefault(t.getKey(), ""))
            .sorted()
            .collect(Collectors.joining("+"))
        + "+"
        + dim.constant();
  }
}
