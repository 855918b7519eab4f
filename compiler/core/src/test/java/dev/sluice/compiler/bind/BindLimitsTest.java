package dev.sluice.compiler.bind;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.ir.flat.Operands;
import dev.sluice.compiler.report.Outcome;
import dev.sluice.compiler.report.Problem;
import dev.sluice.compiler.report.Source;
import dev.sluice.compiler.report.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Files that no person writes get an answer at once: an error, or a cell.
class BindLimitsTest {
  private static final Span SPAN = new Span(0, 0);
  private static final Ast.Name X = name("x", 0);
  private static final Ast.Name H_BEFORE = name("h", 1);

  @Test
  void aMillionStates() {
    List<Ast.Statement> equations = new ArrayList<>();
    for (int i = 0; i < 1_000_000; i++) {
      equations.add(equation(name("h" + i, 0), name("h" + i, 1)));
    }
    assertThat(errors(equations)).containsExactly("the file is too large");
  }

  @Test
  void aColumnOfAMillionNames() {
    List<Ast.Expression> rows =
        IntStream.range(0, 1_000_000).<Ast.Expression>mapToObj(i -> name("h" + i, 0)).toList();
    assertThat(errors(List.of(equation(new Ast.Column(rows, SPAN), X))))
        .containsExactly("the file is too large");
  }

  @Test
  void asManyStatesAsAreAllowed() {
    List<Ast.Statement> equations = new ArrayList<>();
    for (int i = 0; i < Limits.DEFINITIONS; i++) {
      equations.add(equation(name("h" + i, 0), sum(name("h" + (i + 1) % 2000, 1), X)));
    }
    assertThat(errors(equations)).containsOnly("shapes do not agree");
  }

  @Test
  void aChainOfEquationsInReverse() {
    List<Ast.Statement> equations = new ArrayList<>();
    for (int i = 1; i < Limits.DEFINITIONS; i++) {
      equations.add(equation(name("a" + (i - 1), 0), call("tanh", name("a" + i, 0))));
    }
    equations.add(equation(name("a" + (Limits.DEFINITIONS - 1), 0), X));
    Cell cell = bind(equations).value().orElseThrow();
    assertThat(cell.equations().getFirst().target().plain()).isEqualTo("a1999");
  }

  @Test
  void oneCycleOfAllEquations() {
    List<Ast.Statement> equations = new ArrayList<>();
    for (int i = 0; i < Limits.DEFINITIONS; i++) {
      Ast.Name next = name("a" + (i + 1) % Limits.DEFINITIONS, 0);
      equations.add(equation(name("a" + i, 0), sum(next, X)));
    }
    Outcome<Cell> outcome = bind(equations);
    assertThat(outcome.problems()).hasSize(1);
    assertThat(outcome.problems().getFirst().detail())
        .isEqualTo(
            "a0_t → a1_t → a2_t → a3_t → a4_t → a5_t → … → a1997_t → a1998_t → a1999_t → a0_t:"
                + " each needs the next at the same step.");
  }

  @Test
  void everyEquationACycle() {
    List<Ast.Statement> equations = new ArrayList<>();
    for (int i = 0; i < Limits.DEFINITIONS; i++) {
      equations.add(equation(name("a" + i, 0), sum(name("a" + i, 0), X)));
    }
    assertThat(errors(equations)).hasSize(Findings.MOST).containsOnly("a cycle within one step");
  }

  @Test
  void aSumOfTenThousandTerms() {
    Ast.Expression sum = H_BEFORE;
    for (int i = 0; i < 10_000; i++) {
      sum = sum(sum, name("b" + i));
    }
    Cell cell = bind(List.of(equation(name("h", 0), sum))).value().orElseThrow();
    assertThat(cell.parameters()).hasSize(10_000);
  }

  @Test
  void operationsNestedTooDeep() {
    for (UnaryOperator<Ast.Expression> wrap :
        List.<UnaryOperator<Ast.Expression>>of(
            e -> call("tanh", e),
            e -> sum(X, e),
            e -> new Ast.Negation(e, SPAN),
            e -> new Ast.Operation(Ast.Operator.DOT, e, X, SPAN))) {
      assertThat(errors(List.of(equation(name("h", 0), nested(wrap, 100_000)))))
          .containsAnyOf("nested too deep", "the file is too large");
    }
  }

  @Test
  void operationsNestedAsDeepAsIsAllowed() {
    UnaryOperator<Ast.Expression> wrap =
        e -> new Ast.Operation(Ast.Operator.ELEMENTWISE, e, H_BEFORE, SPAN);
    Ast.Expression chain = wrap.apply(H_BEFORE);
    for (int i = 3; i < Limits.DEPTH; i++) {
      chain = wrap.apply(chain);
    }
    Ast.Expression product = new Ast.Operation(Ast.Operator.DOT, chain, name("b"), SPAN);
    assertThat(bind(List.of(equation(name("h", 0), product))).isOk()).isTrue();
    assertThat(errors(List.of(equation(name("h", 0), wrap.apply(product)))))
        .containsExactly("nested too deep");
  }

  /// f0(x) = f1(x) f1(x), f1(x) = f2(x) f2(x), …: 2^40 factors.
  @Test
  void functionsThatDouble() {
    List<Ast.Statement> statements = new ArrayList<>();
    Ast.Name x = name("v");
    for (int i = 0; i < 40; i++) {
      Ast.Expression inner = i == 39 ? x : call("f" + (i + 1), x);
      statements.add(
          equation(call("f" + i, x), new Ast.Operation(Ast.Operator.DOT, inner, inner, SPAN)));
    }
    statements.add(equation(name("h", 0), call("f0", X)));
    assertThat(errors(statements)).containsExactly("too large");
  }

  /// A matrix that is a sum of itself, forty times: 2^40 products.
  @Test
  void matricesThatDouble() {
    List<Ast.Statement> statements = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Ast.Name next = name("A" + (i + 1));
      statements.add(equation(name("A" + i), sum(next, next)));
    }
    statements.add(
        equation(name("h", 0), new Ast.Juxtaposition(List.of(name("A0"), H_BEFORE), SPAN)));
    assertThat(errors(statements)).containsOnly("too large");
  }

  /// The same inside of a function: 2^40 elementwise parts.
  @Test
  void functionsOfMatricesThatDouble() {
    List<Ast.Statement> statements = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Ast.Name next = name("A" + (i + 1));
      statements.add(equation(name("A" + i), sum(call("tanh", next), next)));
    }
    statements.add(
        equation(name("h", 0), new Ast.Juxtaposition(List.of(name("A0"), H_BEFORE), SPAN)));
    assertThat(errors(statements)).containsOnly("too large");
  }

  /// 2^12 products, each of what the one before it gives.
  @Test
  void aPowerOfAMatrixIsNoDeepTree() {
    List<Ast.Statement> statements = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Ast.Name next = name("A" + (i + 1));
      statements.add(equation(name("A" + i), new Ast.Juxtaposition(List.of(next, next), SPAN)));
    }
    statements.add(
        equation(name("h", 0), new Ast.Juxtaposition(List.of(name("A0"), H_BEFORE), SPAN)));
    Cell cell = bind(statements).value().orElseThrow();
    assertThat(cell.equations()).hasSizeGreaterThan(1).allMatch(e -> depth(e.value()) < 100);
  }

  private static int depth(Expr e) {
    return 1 + Operands.of(e).stream().mapToInt(BindLimitsTest::depth).max().orElse(0);
  }

  @Test
  void hyperparametersThatReadOneAnother() {
    List<Ast.Statement> statements = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      statements.add(
          new Ast.ConstDeclaration(name("a" + i), Optional.of(name("a" + (i + 1))), SPAN));
    }
    statements.add(equation(name("h", 0), sum(H_BEFORE, X)));
    assertThat(errors(statements)).contains("not a number");
  }

  @Test
  void manyUnknownFunctions() {
    List<Ast.Statement> equations = new ArrayList<>();
    for (int i = 0; i < Limits.DEFINITIONS; i++) {
      equations.add(equation(name("h" + i, 0), call("unknown" + i, X)));
    }
    assertThat(errors(equations)).hasSize(Findings.MOST).containsOnly("unknown function");
  }

  @Test
  void lengthsThatGrow() {
    List<Ast.Statement> equations = new ArrayList<>();
    equations.add(equation(name("a0", 0), X));
    for (int i = 1; i < 100; i++) {
      Ast.Name before = name("a" + (i - 1), 0);
      equations.add(
          equation(name("a" + i, 0), new Ast.Concatenation(List.of(before, before), SPAN)));
    }
    assertThat(errors(equations)).contains("too large");
  }

  private static Ast.Expression nested(UnaryOperator<Ast.Expression> wrap, int times) {
    Ast.Expression e = X;
    for (int i = 0; i < times; i++) {
      e = wrap.apply(e);
    }
    return e;
  }

  private static List<String> errors(List<Ast.Statement> statements) {
    return bind(statements).problems().stream()
        .filter(Problem::isError)
        .map(Problem::title)
        .toList();
  }

  private static Outcome<Cell> bind(List<? extends Ast.Statement> statements) {
    Ast.File file = new Ast.File(Collections.unmodifiableList(statements), SPAN);
    return assertTimeoutPreemptively(
        ofSeconds(20), () -> Bind.cell(file, Source.of(""), "hostile", Map.of()));
  }

  private static Ast.Name name(String plain) {
    return new Ast.Name(Symbol.of(plain), Optional.empty(), SPAN);
  }

  private static Ast.Name name(String plain, int delay) {
    return new Ast.Name(Symbol.of(plain), Optional.of(delay), SPAN);
  }

  private static Ast.Expression call(String function, Ast.Expression argument) {
    return new Ast.Apply(name(function), List.of(argument), SPAN);
  }

  private static Ast.Expression sum(Ast.Expression a, Ast.Expression b) {
    return new Ast.Operation(Ast.Operator.ADD, a, b, SPAN);
  }

  private static Ast.Equation equation(Ast.Expression left, Ast.Expression right) {
    return new Ast.Equation(left, right, SPAN);
  }
}
