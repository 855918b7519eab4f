package dev.sluice.compiler.ir;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Prints the syntax tree as nested lists without spans, a statement a line: `(= f@t (apply sigmoid
/// (+ (W_f h@t-1) b_f)))`. A name without an operator is followed by its factors (juxtaposition).
/// For `--dump=ast` and for tests; [Notation] is for people.
public final class AstPrinter {
  private AstPrinter() {}

  /// A whole file, each line ended by `\n`.
  public static String print(Ast.File file) {
    return file.statements().stream().map(s -> print(s) + "\n").collect(Collectors.joining());
  }

  public static String print(Ast.Statement statement) {
    return switch (statement) {
      case Ast.Equation e -> form("=", print(e.left()), print(e.right()));
      case Ast.InputDeclaration i -> form("input", names(i.names()));
      case Ast.StateDeclaration s -> form("state", print(s.name()), print(s.initial()));
      case Ast.OutputDeclaration o -> form("output", print(o.name()));
      case Ast.LetDeclaration l -> form("let", print(l.name()), print(l.value()));
      case Ast.ConstDeclaration c -> form("const", print(c.name()), print(c.value()));
      case Ast.InitDeclaration i -> form("init", print(i.name()), i.initialiser().toString());
      case Ast.IndexDeclaration i -> form("index", i.letter());
      case Ast.ShapeDeclaration s -> form("shape", names(s.names()), shape(s.shape()));
      case Ast.FrozenDeclaration f -> form("frozen", names(f.names()));
      case Ast.DimDeclaration d -> form("dim", print(d.left()), print(d.right()));
    };
  }

  public static String print(Ast.Expression expression) {
    return switch (expression) {
      case Ast.Number n -> Notation.plainNumber(n.value());
      case Ast.Name n -> n.symbol().plain() + n.delay().map(AstPrinter::time).orElse("");
      case Ast.Apply a -> form("apply", print(a.function()), list(a.arguments()));
      case Ast.Juxtaposition j -> "(" + list(j.factors()) + ")";
      case Ast.Operation o -> form(sign(o.operator()), print(o.left()), print(o.right()));
      case Ast.Negation n -> form("neg", print(n.x()));
      case Ast.Power p -> form("^", print(p.base()), print(p.exponent()));
      case Ast.Transposition t -> form("transpose", print(t.x()));
      case Ast.Column c -> form("column", list(c.rows()));
      case Ast.Concatenation c -> form("concat", list(c.parts()));
    };
  }

  private static String print(Optional<Ast.Expression> value) {
    return value.map(AstPrinter::print).orElse("");
  }

  private static String time(int delay) {
    return delay == 0 ? "@t" : delay > 0 ? "@t-" + delay : "@t+" + -delay;
  }

  private static String shape(Ast.DeclaredShape shape) {
    return switch (shape) {
      case Ast.DeclaredShape.Plain p -> p.shape().toString();
      case Ast.DeclaredShape.Diagonal _ -> "diagonal";
      case Ast.DeclaredShape.Vector _ -> "vector";
      case Ast.DeclaredShape.Matrix _ -> "matrix";
      case Ast.DeclaredShape.Blocks b -> "blocks " + b.count();
    };
  }

  private static String sign(Ast.Operator operator) {
    return switch (operator) {
      case ADD -> "+";
      case SUBTRACT -> "-";
      case ELEMENTWISE -> "∘";
      case DOT -> "·";
      case MATRIX -> "@";
      case OUTER -> "⊗";
      case DIVIDE -> "/";
      case MODULO -> "mod";
      case LESS -> "<";
      case LESS_OR_EQUAL -> "<=";
      case GREATER -> ">";
      case GREATER_OR_EQUAL -> ">=";
      case EQUAL -> "==";
    };
  }

  private static String names(List<Ast.Name> names) {
    return names.stream().map(AstPrinter::print).collect(Collectors.joining(" "));
  }

  private static String list(List<Ast.Expression> expressions) {
    return expressions.stream().map(AstPrinter::print).collect(Collectors.joining(" "));
  }

  private static String form(String head, String... parts) {
    return ("(" + head + " " + String.join(" ", parts)).stripTrailing() + ")";
  }
}
