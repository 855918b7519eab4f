package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Symbol;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/// The numbers of a file: hyperparameters (`const α = 0.9`, overridden by `--set`) and where
/// states start.
final class Constants {
  private final Declarations declared;
  private final Map<String, Double> settings;
  private final Findings findings;
  private final Map<Symbol, OptionalDouble> values = new HashMap<>();
  private final Set<Symbol> inProgress = new HashSet<>();

  Constants(Declarations declared, Map<String, Double> settings, Findings findings) {
    this.declared = declared;
    this.settings = new LinkedHashMap<>(settings);
    this.findings = findings;
  }

  /// Values of all hyperparameters; one that is missing or wrong is reported and counts as 0.
  Map<Symbol, Double> resolve(Ast.File file) {
    List<String> names = declared.constants.keySet().stream().map(Symbol::plain).toList();
    for (String name : settings.keySet()) {
      if (!names.contains(name)) {
        findings.error(
            "unknown hyperparameter",
            file.statements().isEmpty() ? file : file.statements().getFirst(),
            "--set %s: the file has no `const %s`.".formatted(name, name),
            findings.didYouMean(name, names, names.isEmpty() ? "" : "It has " + names + "."));
      }
    }
    Map<Symbol, Double> resolved = new HashMap<>();
    declared.constants.keySet().forEach(s -> resolved.put(s, value(s).orElse(0)));
    return resolved;
  }

  /// Where a state starts; reported and 0 when that is not a number.
  double initial(Ast.StateDeclaration state) {
    return state.initial().map(this::start).orElse(0.0);
  }

  /// A number, or −∞ as a running maximum starts from.
  private double start(Ast.Expression e) {
    OptionalDouble value = evaluate(e);
    return value.isPresent() && Double.isInfinite(value.getAsDouble())
        ? value.getAsDouble()
        : number(e, "a state starts from");
  }

  private OptionalDouble value(Symbol symbol) {
    OptionalDouble known = values.get(symbol);
    if (known != null) {
      return known;
    }
    Ast.ConstDeclaration constant = declared.constants.get(symbol);
    if (constant == null || inProgress.size() > Limits.DEPTH || !inProgress.add(symbol)) {
      return OptionalDouble.empty();
    }
    Double setting = settings.get(symbol.plain());
    OptionalDouble value = OptionalDouble.empty();
    if (setting != null && !Double.isFinite(setting)) {
      findings.error(
          "not a number", constant.name(), "--set %s=%s.".formatted(symbol.plain(), setting));
    } else if (setting != null) {
      value = OptionalDouble.of(setting);
    } else if (constant.value().isPresent()) {
      value = OptionalDouble.of(number(constant.value().get(), "a hyperparameter is"));
    } else {
      findings.error(
          "a hyperparameter without a value",
          constant.name(),
          "%s has no value in the file.".formatted(symbol.display()),
          "Give one with --set %s=…, or write `const %s = …`."
              .formatted(symbol.plain(), symbol.display()));
    }
    inProgress.remove(symbol);
    values.put(symbol, value);
    return value;
  }

  private double number(Ast.Expression e, String what) {
    OptionalDouble value = evaluate(e);
    if (value.isEmpty() || !Double.isFinite(value.getAsDouble())) {
      findings.error(
          "not a number",
          e,
          "%s a finite number, made of numbers and other hyperparameters."
              .formatted(Character.toUpperCase(what.charAt(0)) + what.substring(1)));
      return 0;
    }
    return value.getAsDouble();
  }

  private OptionalDouble evaluate(Ast.Expression e) {
    return switch (e) {
      case Ast.Number n -> OptionalDouble.of(n.value());
      case Ast.Name n -> n.delay().isEmpty() ? value(n.symbol()) : OptionalDouble.empty();
      case Ast.Negation n -> apply(List.of(n.x()), v -> -v[0]);
      case Ast.Power p -> apply(List.of(p.base(), p.exponent()), v -> Math.pow(v[0], v[1]));
      case Ast.Juxtaposition j -> apply(j.factors(), Constants::product);
      case Ast.Operation o -> Syntax.isSum(o) ? sum(o) : operation(o);
      case Ast.Apply a -> call(a);
      case Ast.Transposition _, Ast.Column _, Ast.Concatenation _ -> OptionalDouble.empty();
    };
  }

  /// Walks down the left side in a loop: a sum may be long.
  private OptionalDouble sum(Ast.Operation last) {
    double sum = 0;
    Ast.Expression rest = last;
    while (rest instanceof Ast.Operation o && Syntax.isSum(o)) {
      OptionalDouble right = evaluate(o.right());
      if (right.isEmpty()) {
        return right;
      }
      sum += o.operator() == Ast.Operator.ADD ? right.getAsDouble() : -right.getAsDouble();
      rest = o.left();
    }
    OptionalDouble first = evaluate(rest);
    return first.isEmpty() ? first : OptionalDouble.of(first.getAsDouble() + sum);
  }

  private OptionalDouble operation(Ast.Operation o) {
    List<Ast.Expression> sides = List.of(o.left(), o.right());
    return switch (o.operator()) {
      case ELEMENTWISE, DOT, MATRIX -> apply(sides, Constants::product);
      case DIVIDE -> apply(sides, v -> v[0] / v[1]);
      case ADD, SUBTRACT, OUTER, MODULO, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, EQUAL ->
          OptionalDouble.empty();
    };
  }

  private OptionalDouble call(Ast.Apply a) {
    Optional<Symbol> name = Syntax.untimed(a.function());
    if (name.isEmpty() || a.arguments().size() != 1) {
      return OptionalDouble.empty();
    }
    if (declared.constants.containsKey(name.get())) {
      return apply(Syntax.children(a), Constants::product);
    }
    return switch (name.get().plain()) {
      case "sqrt" -> apply(a.arguments(), v -> Math.sqrt(v[0]));
      case "exp" -> apply(a.arguments(), v -> Math.exp(v[0]));
      case "log", "ln" -> apply(a.arguments(), v -> Math.log(v[0]));
      default -> OptionalDouble.empty();
    };
  }

  private OptionalDouble apply(
      List<Ast.Expression> arguments, java.util.function.ToDoubleFunction<double[]> function) {
    double[] values = new double[arguments.size()];
    for (int i = 0; i < values.length; i++) {
      OptionalDouble value = evaluate(arguments.get(i));
      if (value.isEmpty()) {
        return value;
      }
      values[i] = value.getAsDouble();
    }
    return OptionalDouble.of(function.applyAsDouble(values));
  }

  private static double product(double[] values) {
    double product = 1;
    for (double value : values) {
      product *= value;
    }
    return product;
  }
}
