package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/// Syntax tree to [Term]: what each name is, at which step, and whether a name in front of
/// parentheses is called or multiplied. Functions of the user's are put in where they are called.
final class Resolver {
  private final Scope scope;
  private final NameResolver names;
  private final Calls calls;
  private final Findings findings;
  private int created;
  private int depth;

  Resolver(Scope scope, Map<Symbol, Double> constants, Findings findings) {
    this.scope = scope;
    this.findings = findings;
    this.calls = new Calls(scope, findings);
    this.names = new NameResolver(scope, constants, calls, findings);
  }

  Term term(Ast.Expression e) {
    return term(e, Env.TOP);
  }

  /// A function of a term that stands for the rest of an equation: an entry of a column.
  Term applied(Ast.Expression function, Supplier<Term> argument, Ast.Expression at) {
    return calls
        .function(function, Env.TOP)
        .map(f -> call(f, List.of(argument), at, Env.TOP))
        .orElseGet(() -> new Term.Broken(at));
  }

  boolean isFunction(Ast.Expression e) {
    return calls.isFunction(e, Env.TOP);
  }

  boolean isCall(Ast.Apply a) {
    return calls.isCall(a, Env.TOP);
  }

  private Term term(Ast.Expression e, Env env) {
    if (++created > Limits.NODES || depth > Limits.DEPTH) {
      if (!env.calls().isEmpty()) {
        return tooLarge(env.at(e));
      }
    }
    depth++;
    try {
      return node(e, env);
    } finally {
      depth--;
    }
  }

  private Term node(Ast.Expression e, Env env) {
    Ast.Expression at = env.at(e);
    return switch (e) {
      case Ast.Number n when Double.isInfinite(n.value()) -> {
        findings.error(
            "∞ in an equation",
            at,
            "∞ is where a state may start, `state m = -∞`; equations have finite numbers.");
        yield new Term.Broken(at);
      }
      case Ast.Number n -> new Term.Number(n.value(), at);
      case Ast.Name n -> names.term(n, env);
      case Ast.Apply a -> apply(a, env);
      case Ast.Juxtaposition j -> juxtaposition(j, env);
      case Ast.Operation o -> operation(o, env);
      case Ast.Negation n -> new Term.Map(UnaryOp.NEGATE, term(n.x(), env), at);
      case Ast.Power p -> power(p, env);
      case Ast.Transposition t -> new Term.Transposed(term(t.x(), env), at);
      case Ast.Column c -> new Term.Concatenated(terms(c.rows(), env), at);
      case Ast.Concatenation c -> new Term.Concatenated(terms(c.parts(), env), at);
    };
  }

  private List<Term> terms(List<Ast.Expression> expressions, Env env) {
    return expressions.stream().map(e -> term(e, env)).toList();
  }

  private Term apply(Ast.Apply a, Env env) {
    if (a.function() instanceof Ast.Column column) {
      if (column.rows().stream().allMatch(r -> calls.isFunction(r, env))) {
        findings.error(
            "a column of functions inside an equation",
            env.at(a),
            "A column of functions stands alone on the right side, for a column of as many names on"
                + " the left.");
        return new Term.Broken(env.at(a));
      }
      return product(Syntax.children(a), env.at(a), env);
    }
    if (calls.isCall(a, env)) {
      return calls
          .function(a.function(), env)
          .map(f -> call(f, suppliers(arguments(f, a), env), env.at(a), env))
          .orElseGet(() -> new Term.Broken(env.at(a)));
    }
    if (a.arguments().size() > 1) {
      findings.error(
          "not a function",
          env.at(a),
          "%s is a value, so what follows is a product; a product has no comma."
              .formatted(Syntax.text(a.function())));
      return new Term.Broken(env.at(a));
    }
    return product(Syntax.children(a), env.at(a), env);
  }

  /// `LN(z; α)` has two arguments where LN takes two; else the column is one.
  private static List<Ast.Expression> arguments(Function f, Ast.Apply a) {
    boolean spread =
        a.arguments().size() == 1
            && a.arguments().getFirst() instanceof Ast.Column(var rows, var _)
            && switch (f) {
              case Function.Defined d -> d.parameters().size() == rows.size();
              case Function.Formula g -> rows.size() > 1 && rows.size() <= g.most();
              case Function.OfOne _, Function.OfTwo _, Function.OfWhole _, Function.Modifier _ ->
                  false;
            };
    return spread ? ((Ast.Column) a.arguments().getFirst()).rows() : a.arguments();
  }

  private List<Supplier<Term>> suppliers(List<Ast.Expression> arguments, Env env) {
    List<Supplier<Term>> suppliers = new ArrayList<>();
    arguments.forEach(e -> suppliers.add(() -> term(e, env)));
    return suppliers;
  }

  private Term call(Function f, List<Supplier<Term>> arguments, Ast.Expression at, Env env) {
    if (!calls.arityFits(f, arguments.size(), at)) {
      return new Term.Broken(at);
    }
    return switch (f) {
      case Function.OfOne(UnaryOp op) -> new Term.Map(op, arguments.getFirst().get(), at);
      case Function.OfWhole(Term.WholeOp op) -> new Term.Whole(op, arguments.getFirst().get(), at);
      case Function.Formula formula -> formula(formula, arguments, at);
      case Function.OfTwo(BinaryOp op) when arguments.size() == 1 ->
          new Term.Whole(
              op == BinaryOp.MAX ? Term.WholeOp.MAX : Term.WholeOp.MIN,
              arguments.getFirst().get(),
              at);
      case Function.OfTwo(BinaryOp op) ->
          arguments.stream()
              .map(Supplier::get)
              .reduce((a, b) -> new Term.Zip(op, a, b, at))
              .orElseThrow();
      case Function.Defined defined -> putIn(defined, arguments, at, env);
      case Function.Modifier(Modifiers modifier) -> modifier.term(arguments, at, findings);
    };
  }

  private Term formula(Function.Formula f, List<Supplier<Term>> given, Ast.Expression at) {
    if (++created > Limits.NODES) {
      return tooLarge(at);
    }
    Formulas formulas = new Formulas(at);
    List<Supplier<Term>> arguments = new ArrayList<>(given);
    for (int i = arguments.size() - f.least(); i < f.usual().size(); i++) {
      double usual = f.usual().get(i);
      arguments.add(() -> formulas.number(usual));
    }
    if (f.equals(Formulas.WHERE)) {
      Term condition = arguments.getFirst().get();
      OptionalDouble decided = Statics.value(condition);
      if (decided.isPresent()) {
        return arguments.get(decided.getAsDouble() != 0 ? 1 : 2).get();
      }
    }
    return f.body().of(formulas, arguments);
  }

  private Term tooLarge(Ast.Expression at) {
    findings.error(
        "too large",
        at,
        "With the functions put in where they are called, the equations have more than %d names, numbers and operations, or are nested more than %d deep."
            .formatted(Limits.NODES, Limits.DEPTH),
        "Give the value of a call a name of its own.");
    return new Term.Broken(at);
  }

  private Term putIn(
      Function.Defined f, List<Supplier<Term>> arguments, Ast.Expression at, Env env) {
    List<Symbol> open = new ArrayList<>(env.calls());
    open.add(f.name());
    if (env.calls().contains(f.name())) {
      List<String> names = open.stream().map(Symbol::display).toList();
      findings.error(
          "a function that calls itself",
          f.body(),
          "%s: a cell has no recursion but that over time."
              .formatted(
                  String.join(
                      " → ", names.subList(names.indexOf(f.name().display()), names.size()))));
      return new Term.Broken(at);
    }
    Map<Symbol, Supplier<Term>> bound = new java.util.HashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      bound.put(f.parameters().get(i), arguments.get(i));
    }
    return term(f.body(), new Env(bound, Optional.of(at), open));
  }

  /// Factors side by side; a function takes the factor after it: `φ h_{t-1}`.
  private Term juxtaposition(Ast.Juxtaposition j, Env env) {
    List<Ast.Expression> factors = new ArrayList<>(j.factors());
    Optional<Term> decided = decided(factors, env.at(j), env);
    if (decided.isPresent()) {
      return decided.get();
    }
    List<Term> terms = new ArrayList<>();
    for (int i = 0; i < factors.size(); i++) {
      Ast.Expression factor = factors.get(i);
      boolean called = i + 1 < factors.size() && calls.isFunction(factor, env);
      if (called) {
        Ast.Expression argument = factors.get(++i);
        Ast.Expression at =
            env.at(new Ast.Apply(factor, List.of(argument), factor.span().to(argument.span())));
        terms.add(
            calls
                .function(factor, env)
                .map(f -> call(f, suppliers(List.of(argument), env), at, env))
                .orElseGet(() -> new Term.Broken(at)));
      } else {
        terms.add(term(factor, env));
      }
    }
    return terms.size() == 1
        ? terms.getFirst()
        : new Term.Product(Term.Sign.NONE, terms, env.at(j));
  }

  /// Takes conditions that are decided already out of the factors; 0 where one does not hold.
  private Optional<Term> decided(List<Ast.Expression> factors, Ast.Expression at, Env env) {
    for (Ast.Expression factor : List.copyOf(factors)) {
      OptionalDouble value =
          Statics.isCondition(factor) ? Statics.value(term(factor, env)) : OptionalDouble.empty();
      if (value.isPresent() && value.getAsDouble() == 0) {
        return Optional.of(new Term.Number(0, at));
      }
      if (value.isPresent()) {
        factors.remove(factor);
      }
    }
    return factors.isEmpty() ? Optional.of(new Term.Number(1, at)) : Optional.empty();
  }

  private Term product(List<Ast.Expression> factors, Ast.Expression at, Env env) {
    return new Term.Product(Term.Sign.NONE, terms(factors, env), at);
  }

  private Term operation(Ast.Operation o, Env env) {
    Ast.Expression at = env.at(o);
    return switch (o.operator()) {
      case ADD, SUBTRACT -> sum(o, env);
      case ELEMENTWISE -> signed(Term.Sign.CIRCLE, o, env);
      case DOT -> signed(Term.Sign.DOT, o, env);
      case MATRIX -> signed(Term.Sign.NONE, o, env);
      case OUTER -> {
        Term row = new Term.Transposed(term(o.right(), env), at);
        yield new Term.Product(Term.Sign.NONE, List.of(term(o.left(), env), row), at);
      }
      case DIVIDE -> new Term.Zip(BinaryOp.DIVIDE, term(o.left(), env), term(o.right(), env), at);
      case MODULO -> Formulas.modulo(() -> term(o.left(), env), () -> term(o.right(), env), at);
      case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, EQUAL ->
          Formulas.comparison(
              o.operator(), () -> term(o.left(), env), () -> term(o.right(), env), at);
    };
  }

  private Term signed(Term.Sign sign, Ast.Operation o, Env env) {
    if (Statics.isCondition(o.left()) || Statics.isCondition(o.right())) {
      List<Ast.Expression> factors = new ArrayList<>(List.of(o.left(), o.right()));
      Optional<Term> decided = decided(factors, env.at(o), env);
      if (decided.isPresent() || factors.size() == 1) {
        return decided.orElseGet(() -> term(factors.getFirst(), env));
      }
    }
    return new Term.Product(sign, List.of(term(o.left(), env), term(o.right(), env)), env.at(o));
  }

  /// Walks down the left side in a loop: a sum may have many thousand terms.
  private Term sum(Ast.Operation last, Env env) {
    Deque<Term.Addend> addends = new ArrayDeque<>();
    Ast.Expression left = last;
    while (left instanceof Ast.Operation o && Syntax.isSum(o)) {
      boolean negative = o.operator() == Ast.Operator.SUBTRACT;
      addends.push(new Term.Addend(negative, term(o.right(), env)));
      left = o.left();
    }
    addends.push(new Term.Addend(false, term(left, env)));
    addends.removeIf(a -> a.term() instanceof Term.Number n && n.value() == 0);
    return addends.isEmpty()
        ? new Term.Number(0, env.at(last))
        : new Term.Sum(List.copyOf(addends), env.at(last));
  }

  /// `e^{x}` is exp, unless the file has an `e` of its own.
  private Term power(Ast.Power p, Env env) {
    Term exponent = term(p.exponent(), env);
    Optional<Symbol> base = Syntax.untimed(p.base());
    boolean isE =
        base.map(s -> s.plain().equals("e") && !scope.isValue(s) && !env.arguments().containsKey(s))
            .orElse(false);
    return isE
        ? new Term.Map(UnaryOp.EXP, exponent, env.at(p))
        : new Term.Zip(BinaryOp.POWER, term(p.base(), env), exponent, env.at(p));
  }
}
