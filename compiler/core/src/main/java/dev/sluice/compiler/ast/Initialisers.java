package dev.sluice.compiler.ast;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Ast.Expression;
import dev.sluice.compiler.ir.Ast.Operator;
import dev.sluice.compiler.ir.Initialiser;
import dev.sluice.compiler.report.Nearest;
import java.util.List;
import java.util.Optional;

/// Reads the right side of `init`: `1`, `orthogonal`, `uniform(0.1)`.
final class Initialisers {
  private static final List<String> NAMES =
      List.of("orthogonal", "glorot", "identity", "uniform", "normal");

  private Initialisers() {}

  static Optional<Initialiser> read(Expression value, Problems problems) {
    Optional<Double> constant = number(value);
    Optional<Initialiser> read =
        constant.isPresent()
            ? Optional.of(new Initialiser.Constant(constant.get()))
            : switch (value) {
              case Ast.Name n -> named(n.symbol().plain());
              case Ast.Apply(Ast.Name n, var arguments, var _) ->
                  arguments.size() == 1
                      ? number(arguments.getFirst()).flatMap(a -> called(n.symbol().plain(), a))
                      : Optional.empty();
              default -> Optional.empty();
            };
    if (read.isEmpty()) {
      problems.error(
          "not an initial value",
          value.span(),
          "Expected a number, `orthogonal`, `glorot`, `identity`, `uniform(k)` with k > 0 or"
              + " `normal(s)` with s > 0.",
          nearest(value));
    }
    return read;
  }

  private static String nearest(Expression value) {
    Expression name = value instanceof Ast.Apply a ? a.function() : value;
    return name instanceof Ast.Name n
        ? Nearest.to(n.symbol().plain(), NAMES).map(s -> "Did you mean " + s + "?").orElse("")
        : "";
  }

  private static Optional<Initialiser> named(String name) {
    return switch (name) {
      case "orthogonal" -> Optional.of(new Initialiser.Orthogonal());
      case "glorot", "xavier" -> Optional.of(new Initialiser.Glorot());
      case "identity", "I" -> Optional.of(new Initialiser.Identity());
      default -> Optional.empty();
    };
  }

  private static Optional<Initialiser> called(String name, double argument) {
    if (argument <= 0) {
      return Optional.empty();
    }
    return switch (name) {
      case "uniform" -> Optional.of(new Initialiser.Uniform(argument));
      case "normal" -> Optional.of(new Initialiser.Normal(argument));
      default -> Optional.empty();
    };
  }

  /// A number that is written as one: `1`, `-1`, `1/3`.
  private static Optional<Double> number(Expression e) {
    return switch (e) {
      case Ast.Number n -> Optional.of(n.value());
      case Ast.Negation n -> number(n.x()).map(x -> -x);
      case Ast.Operation o when o.operator() == Operator.DIVIDE ->
          number(o.left()).flatMap(a -> number(o.right()).filter(b -> b != 0).map(b -> a / b));
      default -> Optional.empty();
    };
  }
}
