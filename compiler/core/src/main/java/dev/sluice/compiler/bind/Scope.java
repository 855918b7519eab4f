package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which names are values, which are functions, and how each is used: what tells a call from a
/// product and an input from a parameter.
final class Scope {
  final Declarations declared;

  /// Equations that define values, in the order of the file.
  final List<Ast.Equation> equations = new ArrayList<>();

  /// `g = tanh`: by name, what it stands for.
  private final SequencedMap<Symbol, Ast.Name> aliases = new LinkedHashMap<>();

  /// Defined names, each with how many steps its equation is written ahead: 1 for `h_{t+1} = …`.
  final SequencedMap<Symbol, Integer> defined = new LinkedHashMap<>();

  /// Names read with a time, each with the smallest delay.
  final SequencedMap<Symbol, Integer> timed = new LinkedHashMap<>();

  private boolean definesNext;
  private final Set<Symbol> operands = new HashSet<>();
  final SequencedMap<Symbol, Ast.Name> firstUse = new LinkedHashMap<>();
  private final Findings findings;

  private Scope(Declarations declared, Findings findings) {
    this.declared = declared;
    this.findings = findings;
  }

  static Scope of(Declarations declared, Findings findings) {
    Scope scope = new Scope(declared, findings);
    scope.separateAliases();
    scope.collectDefined();
    scope.equations.forEach(e -> Syntax.names(e.right(), scope::used));
    declared.functions.values().forEach(scope::usedInFunction);
    scope.reportSharedSpellings();
    scope.reportFunctionsBoundTwice();
    return scope;
  }

  /// A function that the file itself binds to the name; follows `let φ = g`, `g = h`.
  Optional<Function> bound(Symbol symbol) {
    Set<Symbol> seen = new HashSet<>();
    Optional<Symbol> name = Optional.of(symbol);
    while (name.isPresent() && seen.add(name.get())) {
      Symbol current = name.get();
      Optional<Function> defined =
          Optional.<Function>ofNullable(declared.functions.get(current))
              .or(() -> seen.size() == 1 ? Optional.empty() : builtIn(current));
      if (defined.isPresent()) {
        return defined;
      }
      name = target(current);
    }
    return Optional.empty();
  }

  private Optional<Symbol> target(Symbol symbol) {
    return Optional.ofNullable(declared.lets.get(symbol))
        .map(Ast.LetDeclaration::value)
        .or(() -> Optional.ofNullable(aliases.get(symbol)))
        .flatMap(Syntax::untimed);
  }

  /// A name of the table, or one that the slides use for tanh.
  private Optional<Function> builtIn(Symbol symbol) {
    if (target(symbol).isPresent()) {
      return Optional.empty();
    }
    return FunctionTable.find(symbol)
        .or(
            () ->
                FunctionTable.isSlideTanh(symbol) && !isValue(symbol)
                    ? Optional.of(Function.SLIDE_TANH)
                    : Optional.empty());
  }

  boolean isFunctionOfTheFile(Symbol symbol) {
    return declared.functions.containsKey(symbol)
        || declared.lets.containsKey(symbol)
        || aliases.containsKey(symbol);
  }

  /// Whether an equation or a declaration makes it a value.
  boolean isValue(Symbol symbol) {
    return defined.containsKey(symbol) || declared.declaresValue(symbol);
  }

  boolean isOperandElsewhere(Symbol symbol) {
    return operands.contains(symbol) || timed.containsKey(symbol);
  }

  boolean isInput(Symbol symbol) {
    return declared.inputs.containsKey(symbol)
        || timed.containsKey(symbol) && !defined.containsKey(symbol);
  }

  /// How many steps an input is read ahead by a file that defines `h_{t+1}`.
  int ahead(Symbol symbol) {
    Integer definition = defined.get(symbol);
    if (definition != null) {
      return definition;
    }
    int earliest = timed.getOrDefault(symbol, 0);
    return definesNext && earliest == -1 ? 1 : 0;
  }

  /// A name at a delay, as this file writes it: `h_t` for the step before where `h_{t+1}` is
  /// defined.
  String written(Symbol symbol, int delay) {
    return Syntax.timed(symbol, delay - ahead(symbol));
  }

  /// Names of functions, to suggest.
  List<String> functionNames() {
    List<String> names = new ArrayList<>(FunctionTable.names());
    declared.functions.keySet().forEach(s -> names.add(s.display()));
    declared.lets.keySet().forEach(s -> names.add(s.display()));
    aliases.keySet().forEach(s -> names.add(s.display()));
    return names;
  }

  /// `g = tanh` binds a function, also through other names; `z = b` defines a value.
  private void separateAliases() {
    List<Ast.Equation> open = new ArrayList<>();
    Set<Symbol> values = new HashSet<>();
    for (Ast.Equation e : declared.equations) {
      if (Syntax.untimed(e.left()).isPresent() && Syntax.untimed(e.right()).isPresent()) {
        open.add(e);
      } else {
        Syntax.names(e.left(), (name, _) -> values.add(name.symbol()));
      }
    }
    boolean found = true;
    while (found) {
      found = false;
      for (Ast.Equation e : List.copyOf(open)) {
        Symbol right = Syntax.untimed(e.right()).orElseThrow();
        boolean isFunction =
            isFunctionOfTheFile(right)
                || !declared.declaresValue(right)
                    && (FunctionTable.find(right).isPresent()
                        || FunctionTable.isSlideTanh(right) && !values.contains(right));
        if (isFunction && aliases.putIfAbsent(nameOf(e), (Ast.Name) e.right()) == null) {
          open.remove(e);
          found = true;
        }
      }
    }
    equations.addAll(declared.equations);
    equations.removeIf(
        e -> Syntax.untimed(e.left()).map(aliases::containsKey).orElse(false) && !open.contains(e));
  }

  private static Symbol nameOf(Ast.Equation e) {
    return ((Ast.Name) e.left()).symbol();
  }

  private void reportFunctionsBoundTwice() {
    Map<Symbol, Ast.Name> bound = new HashMap<>(aliases);
    declared.lets.forEach((s, let) -> reportIfBound(s, bound.put(s, let.name()), let.name()));
    declared.functions.forEach((s, f) -> reportIfBound(s, bound.get(s), f.body()));
  }

  private void reportIfBound(Symbol symbol, Ast.@Nullable Name before, Ast.Expression at) {
    if (before != null) {
      findings.error(
          "defined twice", at, "%s is bound to a function already.".formatted(symbol.display()));
    }
  }

  private void collectDefined() {
    for (Ast.Equation e : equations) {
      List<Ast.Expression> lefts =
          e.left() instanceof Ast.Column column ? column.rows() : List.of(e.left());
      for (Ast.Expression left : lefts) {
        if (!(left instanceof Ast.Name name)) {
          findings.error(
              "cannot define this",
              left,
              "The left side of an equation is a name, a column of names or a function `g(x)`.");
        } else {
          define(name);
        }
      }
    }
  }

  private void define(Ast.Name name) {
    Symbol symbol = name.symbol();
    firstUse.putIfAbsent(symbol, name);
    int delay = name.delay().orElse(0);
    if (delay > 0 || delay < -1) {
      findings.error(
          "cannot define this time",
          name,
          "An equation defines a name at step t, or at t+1 from values at t.",
          "Did you mean %s_t?".formatted(symbol.display()));
    }
    definesNext |= delay < 0;
    boolean again = defined.putIfAbsent(symbol, delay < 0 ? 1 : 0) != null;
    Ast.Name first = firstUse.getOrDefault(symbol, name);
    if (again && first.symbol().display().equals(symbol.display())) {
      findings.error(
          "defined twice",
          name,
          "%s has an equation already; each name has one.".formatted(symbol.display()));
    }
    for (var clash :
        Map.of("input", declared.inputs.keySet(), "const", declared.constants.keySet())
            .entrySet()) {
      if (clash.getValue().contains(symbol)) {
        findings.error(
            "two roles for one name",
            name,
            "%s is declared `%s`, so an equation cannot define it."
                .formatted(symbol.display(), clash.getKey()));
      }
    }
  }

  private void usedInFunction(Function.Defined function) {
    Syntax.names(
        function.body(),
        (name, applied) -> {
          if (!function.parameters().contains(name.symbol())) {
            used(name, applied);
          }
        });
  }

  private void used(Ast.Name name, boolean applied) {
    firstUse.putIfAbsent(name.symbol(), name);
    if (name.delay().isPresent()) {
      timed.merge(name.symbol(), name.delay().get(), Math::min);
    } else if (!applied) {
      operands.add(name.symbol());
    }
  }

  /// `c̃` and `c_tilde` would be one file, one Java name.
  private void reportSharedSpellings() {
    Map<String, Ast.Name> spellings = new HashMap<>();
    Set<String> reported = new LinkedHashSet<>();
    for (Ast.Equation e : equations) {
      for (Ast.Expression side : List.of(e.left(), e.right())) {
        Syntax.names(
            side,
            (name, _) -> {
              String plain = name.symbol().plain();
              Ast.Name other = spellings.computeIfAbsent(plain, _ -> name);
              boolean same = other.symbol().display().equals(name.symbol().display());
              if (!same && FunctionTable.find(name.symbol()).isEmpty() && reported.add(plain)) {
                reportSharedSpelling(name, other);
              }
            });
      }
    }
  }

  private void reportSharedSpelling(Ast.Name name, Ast.Name other) {
    findings.error(
        "two names with one spelling",
        name,
        "%s and %s are both spelt %s in code and files of weights."
            .formatted(other.symbol().display(), name.symbol().display(), name.symbol().plain()),
        "Rename one.");
  }
}
