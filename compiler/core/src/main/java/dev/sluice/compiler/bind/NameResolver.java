package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// What a name that is no function stands for: an argument, a hyperparameter, a value at a step,
/// the number of the step, the identity, a parameter.
final class NameResolver {
  private final Scope scope;
  private final Map<Symbol, Double> constants;
  private final Calls calls;
  private final Findings findings;

  NameResolver(Scope scope, Map<Symbol, Double> constants, Calls calls, Findings findings) {
    this.scope = scope;
    this.constants = constants;
    this.calls = calls;
    this.findings = findings;
  }

  Term term(Ast.Name n, Env env) {
    Symbol symbol = n.symbol();
    Supplier<Term> argument = env.arguments().get(symbol);
    if (argument != null && n.delay().isEmpty()) {
      return argument.get();
    }
    Ast.Expression at = env.at(n);
    Double constant = constants.get(symbol);
    if (constant != null) {
      return constant(n, constant, at);
    }
    if (scope.defined.containsKey(symbol) || n.delay().isPresent()) {
      return timed(n, at);
    }
    if (scope.declared.inputs.containsKey(symbol)) {
      return new Term.Timed(symbol, 0, at);
    }
    return untimed(n, at);
  }

  private Term constant(Ast.Name n, double value, Ast.Expression at) {
    if (n.delay().isPresent()) {
      findings.error(
          "a constant has no time",
          at,
          "%s is declared `const`: it is the same number at every step."
              .formatted(n.symbol().display()));
    }
    return new Term.Constant(n.symbol(), value, at);
  }

  private Term timed(Ast.Name n, Ast.Expression at) {
    Symbol symbol = n.symbol();
    int delay = n.delay().map(d -> d + scope.ahead(symbol)).orElse(0);
    if (delay < 0) {
      findings.error(
          "reads the future",
          at,
          "%s is not known at step t.".formatted(Syntax.text(at)),
          "Did you mean %s?"
              .formatted(scope.written(symbol, scope.defined.containsKey(symbol) ? 1 : 0)));
      return new Term.Broken(at);
    }
    if (delay > Limits.DELAY) {
      findings.error(
          "looks back too far",
          at,
          "A value may look back %d steps, this one looks back %d.".formatted(Limits.DELAY, delay));
      return new Term.Broken(at);
    }
    if (!scope.defined.containsKey(symbol) && !isInput(n)) {
      return new Term.Broken(at);
    }
    return new Term.Timed(symbol, delay, at);
  }

  /// With `input x` in the file, every other name must have an equation.
  private boolean isInput(Ast.Name n) {
    Declarations declared = scope.declared;
    if (declared.inputs.isEmpty() || declared.inputs.containsKey(n.symbol())) {
      return true;
    }
    if (!declared.states.containsKey(n.symbol())) { // reported with its declaration
      List<String> known = new ArrayList<>();
      declared.inputs.keySet().forEach(s -> known.add(s.display()));
      scope.defined.keySet().forEach(s -> known.add(s.display()));
      String name = n.symbol().display();
      findings.error(
          "unknown name",
          n,
          "%s has no equation, and is not among the declared inputs.".formatted(name),
          findings.didYouMean(name, known, "Declare it: `input %s`.".formatted(name)));
    }
    return false;
  }

  private Term untimed(Ast.Name n, Ast.Expression at) {
    Symbol symbol = n.symbol();
    if (scope.timed.containsKey(symbol)) {
      findings.error(
          "with and without a time",
          at,
          "%s is an input elsewhere, with a time; without one it would be a parameter."
              .formatted(symbol.display()),
          "Did you mean %s?".formatted(Syntax.timed(symbol, 0)));
      return new Term.Broken(at);
    }
    if (scope.declared.declaresValue(symbol)) {
      return new Term.Parameter(symbol, at);
    }
    if (symbol.plain().equals(scope.declared.indexLetter())) {
      return new Term.StepNumber(at);
    }
    if (symbol.plain().equals("e")) {
      findings.note(
          "e is Euler's number",
          n,
          "No equation or declaration makes e a value of the cell, so it is 2.718…. For a parameter, declare it: `e ∈ R^n`.");
      return new Term.Number(Math.E, at);
    }
    if (calls.isFunction(n, Env.TOP) && !FunctionTable.isSlideTanh(symbol)) {
      findings.error(
          "a function without an argument",
          at,
          "%s is a function.".formatted(symbol.display()),
          "Write `%s(…)`.".formatted(symbol.display()));
      return new Term.Broken(at);
    }
    return symbol.plain().equals("I") ? new Term.Identity(at) : new Term.Parameter(symbol, at);
  }
}
