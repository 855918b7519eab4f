package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Tells a call from a product: a name in front of parentheses is a call if it is bound to a
/// function or known as one; it is a product if it is defined, declared, upper-case or an operand
/// elsewhere. The slides' `f̃` and `f_h` are tanh. Anything else is an error.
final class Calls {
  private final Scope scope;
  private final Findings findings;
  private final Set<Symbol> slideNotes = new HashSet<>();

  Calls(Scope scope, Findings findings) {
    this.scope = scope;
    this.findings = findings;
  }

  /// Whether a name, wherever it stands, is a function.
  boolean isFunction(Ast.Expression e, Env env) {
    Optional<Symbol> symbol = Syntax.untimed(e);
    if (symbol.isEmpty() || env.arguments().containsKey(symbol.get())) {
      return false;
    }
    return scope.isFunctionOfTheFile(symbol.get())
        || !scope.isValue(symbol.get())
            && (FunctionTable.find(symbol.get()).isPresent()
                || FunctionTable.isSlideTanh(symbol.get()));
  }

  boolean isCall(Ast.Apply a, Env env) {
    if (isFunction(a.function(), env)) {
      return true;
    }
    Optional<Symbol> symbol = Syntax.untimed(a.function());
    if (symbol.isEmpty()
        || env.arguments().containsKey(symbol.get())
        || scope.isValue(symbol.get())) {
      return false;
    }
    boolean operand = scope.isOperandElsewhere(symbol.get());
    return !operand && (!isUpperCase(symbol.get()) || isMisspelt(symbol.get()));
  }

  static boolean isUpperCase(Symbol symbol) {
    return Character.isUpperCase(symbol.display().codePointAt(0));
  }

  /// `Tanh(…)`: upper-case, so a product, but surely not meant.
  private static boolean isMisspelt(Symbol symbol) {
    String lower = symbol.plain().toLowerCase(Locale.ROOT);
    return lower.length() > 1 && !lower.equals("sigma") && FunctionTable.names().contains(lower);
  }

  /// The function that a called name stands for; reported when there is none.
  Optional<Function> function(Ast.Expression e, Env env) {
    Optional<Symbol> name = Syntax.untimed(e);
    if (name.isEmpty() || env.arguments().containsKey(name.get())) {
      findings.error("not a function", e, "%s is a value.".formatted(Syntax.text(e)));
      return Optional.empty();
    }
    Symbol symbol = name.get();
    Optional<Function> found = scope.bound(symbol);
    if (found.isPresent()) {
      return found;
    }
    if (scope.isFunctionOfTheFile(symbol)) {
      return Optional.empty(); // reported with its `let`
    }
    found = FunctionTable.find(symbol);
    if (found.isPresent()) {
      return found;
    }
    if (FunctionTable.isSlideTanh(symbol)) {
      noteSlideTanh(symbol, e);
      return Optional.of(Function.SLIDE_TANH);
    }
    reportUnknown(symbol, e);
    return Optional.empty();
  }

  private void noteSlideTanh(Symbol symbol, Ast.Expression at) {
    if (slideNotes.add(symbol)) {
      findings.note(
          "%s means tanh".formatted(symbol.display()),
          at,
          "The file does not bind %s; on the slides it is tanh. To choose another: `let %s = relu`."
              .formatted(symbol.display(), symbol.display()));
    }
  }

  private void reportUnknown(Symbol symbol, Ast.Expression at) {
    String name = symbol.display();
    List<String> candidates = new ArrayList<>(scope.functionNames());
    scope.defined.keySet().forEach(s -> candidates.add(s.display()));
    scope.declared.declaredNames().forEach(s -> candidates.add(s.display()));
    findings.error(
        "unknown function",
        at,
        "%s stands before parentheses, but is neither a function nor a value of this file."
            .formatted(name),
        findings.didYouMean(
            name,
            candidates,
            "For a function write `let %s = tanh` or `%s(x) = …`; for a product `%s · (…)`."
                .formatted(name, name, name)));
  }

  boolean arityFits(Function f, int arguments, Ast.Expression at) {
    boolean fits =
        switch (f) {
          case Function.OfOne _ -> arguments == 1;
          case Function.OfTwo _ -> arguments >= 1;
          case Function.OfWhole _ -> arguments == 1;
          case Function.Formula(int least, int most, var _, var _) ->
              arguments >= least && arguments <= most;
          case Function.Defined(var _, List<Symbol> parameters, var _) ->
              parameters.size() == arguments;
          case Function.Modifier(Modifiers m) -> arguments == m.arguments();
        };
    if (!fits) {
      String expected =
          switch (f) {
            case Function.OfOne _, Function.OfWhole _ -> "one argument";
            case Function.OfTwo _ -> "one vector, or two arguments or more";
            case Function.Formula(int least, int most, var _, var _) -> arguments(least, most);
            case Function.Defined(var _, List<Symbol> parameters, var _) ->
                arguments(parameters.size(), parameters.size());
            case Function.Modifier(Modifiers m) -> arguments(m.arguments(), m.arguments());
          };
      findings.error(
          "wrong number of arguments",
          at,
          "%s takes %s, here are %d.".formatted(Syntax.text(functionOf(at)), expected, arguments));
    }
    return fits;
  }

  private static String arguments(int least, int most) {
    return least == most
        ? most == 1 ? "one argument" : most + " arguments"
        : least + " to " + most + " arguments";
  }

  private static Ast.Expression functionOf(Ast.Expression call) {
    return call instanceof Ast.Apply a ? a.function() : call;
  }
}
