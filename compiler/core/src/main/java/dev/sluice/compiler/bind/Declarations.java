package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.AstNotation;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// What a file says about its names, sorted by kind of statement. A name declared twice is
/// reported and keeps its first declaration.
final class Declarations {
  record Shaped(Ast.Name name, Ast.DeclaredShape shape) {}

  final SequencedMap<Symbol, Ast.Name> inputs = new LinkedHashMap<>();
  final SequencedMap<Symbol, Ast.StateDeclaration> states = new LinkedHashMap<>();
  final SequencedMap<Symbol, Ast.ConstDeclaration> constants = new LinkedHashMap<>();
  final SequencedMap<Symbol, Ast.LetDeclaration> lets = new LinkedHashMap<>();
  final SequencedMap<Symbol, Ast.InitDeclaration> initialisers = new LinkedHashMap<>();
  final SequencedMap<Symbol, Shaped> shapes = new LinkedHashMap<>();
  final SequencedMap<Symbol, Ast.Name> frozen = new LinkedHashMap<>();
  final List<Ast.DimDeclaration> equalLengths = new ArrayList<>();
  final List<Ast.OutputDeclaration> outputs = new ArrayList<>();

  /// `g(x) = …`
  final SequencedMap<Symbol, Function.Defined> functions = new LinkedHashMap<>();

  /// All other equations: of values, and `g = tanh`.
  final List<Ast.Equation> equations = new ArrayList<>();

  private final Findings findings;
  private String indexLetter = "t";

  private Declarations(Findings findings) {
    this.findings = findings;
  }

  static Declarations of(Ast.File file, Findings findings) {
    Declarations declarations = new Declarations(findings);
    file.statements().forEach(declarations::add);
    declarations.checkOutputs();
    return declarations;
  }

  /// The name that stands for the number of the step.
  String indexLetter() {
    return indexLetter;
  }

  /// Whether a declaration says that the name is a value, not a function.
  boolean declaresValue(Symbol symbol) {
    return inputs.containsKey(symbol)
        || states.containsKey(symbol)
        || constants.containsKey(symbol)
        || shapes.containsKey(symbol)
        || frozen.containsKey(symbol)
        || initialisers.containsKey(symbol);
  }

  Set<Symbol> declaredNames() {
    Set<Symbol> all = new LinkedHashSet<>(inputs.keySet());
    all.addAll(states.keySet());
    all.addAll(constants.keySet());
    all.addAll(shapes.keySet());
    all.addAll(frozen.keySet());
    return all;
  }

  private void add(Ast.Statement statement) {
    switch (statement) {
      case Ast.Equation e -> equation(e);
      case Ast.InputDeclaration i -> i.names().forEach(n -> once(inputs, n, n, "input"));
      case Ast.StateDeclaration s -> once(states, s.name(), s, "state");
      case Ast.OutputDeclaration o -> outputs.add(o);
      case Ast.LetDeclaration l -> once(lets, l.name(), l, "let");
      case Ast.ConstDeclaration c -> once(constants, c.name(), c, "const");
      case Ast.InitDeclaration i -> once(initialisers, i.name(), i, "init");
      case Ast.IndexDeclaration i -> indexLetter = i.letter();
      case Ast.ShapeDeclaration s ->
          s.names().forEach(n -> once(shapes, n, new Shaped(n, s.shape()), "shape"));
      case Ast.FrozenDeclaration f -> f.names().forEach(n -> once(frozen, n, n, "frozen"));
      case Ast.DimDeclaration d -> equalLengths.add(d);
    }
  }

  private <T> void once(Map<Symbol, T> map, Ast.Name name, T declaration, String what) {
    if (map.putIfAbsent(name.symbol(), declaration) != null) {
      findings.error(
          "declared twice",
          name,
          "%s has a `%s` declaration already.".formatted(name.symbol().display(), what));
    }
  }

  private void equation(Ast.Equation e) {
    if (!(e.left() instanceof Ast.Apply(Ast.Expression function, var arguments, var _))) {
      equations.add(e);
      return;
    }
    Optional<Symbol> name = Syntax.untimed(function);
    List<Symbol> parameters =
        arguments.stream().map(Syntax::untimed).flatMap(Optional::stream).distinct().toList();
    if (name.isEmpty() || parameters.size() != arguments.size()) {
      findings.error(
          "cannot define this",
          e.left(),
          "A function is defined as `g(x) = …`, with a different name for each argument.\n`%s` is not of that form."
              .formatted(AstNotation.expression(e.left())));
      return;
    }
    Function.Defined defined = new Function.Defined(name.get(), parameters, e.right());
    once(functions, (Ast.Name) function, defined, "function");
  }

  private void checkOutputs() {
    for (Ast.OutputDeclaration more : outputs.stream().skip(1).toList()) {
      findings.error("declared twice", more.name(), "A cell has one output.");
    }
  }
}
