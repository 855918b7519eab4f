package dev.sluice.compiler.bind;

import dev.sluice.compiler.bind.Lengths.Owner;
import dev.sluice.compiler.bind.Typing.Constraint;
import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Solves for all lengths and names them; reports those that contradict one another.
final class Shapes {
  private Shapes() {}

  static DimensionNames solve(
      Scope scope,
      Roles roles,
      List<Definition> definitions,
      Optional<Symbol> output,
      Typing typing,
      Findings findings) {
    roles.inputs.forEach(s -> own(s, Owner.INPUT, typing));
    for (Definition d : definitions) {
      if (roles.isState(d.symbol()) && !typing.passesInputOn(d)) {
        own(d.symbol(), Owner.STATE, typing);
      }
    }
    scope.declared.equalLengths.forEach(d -> declareEqual(d, scope, roles, typing, findings));
    List<Constraint> failed =
        typing.constraints.stream()
            .sorted(Comparator.comparing(Constraint::phase))
            .filter(c -> !typing.lengths.unify(c.a(), c.b()))
            .toList();
    DimensionNames names =
        new DimensionNames(
            typing,
            symbols(roles, definitions),
            main(roles, output),
            roles.inputs.stream().findFirst());
    ShapeMessages messages = new ShapeMessages(scope, typing, names, roles);
    if (typing.lengths.overflown()) {
      Definition first = definitions.getFirst();
      findings.error("too large", first.at(), "Lengths grow beyond what can be counted.");
      return names;
    }
    failed.stream()
        .limit(Findings.MOST)
        .forEach(c -> findings.add(messages.problem(c.otherwise(), c.a(), c.b())));
    return names;
  }

  private static void own(Symbol symbol, Owner owner, Typing typing) {
    if (typing.type(symbol) instanceof Type.Vector(Dim n)) {
      typing.lengths.own(n, owner);
    }
  }

  private static void declareEqual(
      Ast.DimDeclaration d, Scope scope, Roles roles, Typing typing, Findings findings) {
    List<Dim> lengths = new ArrayList<>();
    for (Ast.Name name : List.of(d.left(), d.right())) {
      Symbol symbol = name.symbol();
      boolean known =
          roles.inputs.contains(symbol)
              || roles.parameters.contains(symbol)
              || scope.defined.containsKey(symbol);
      if (known && typing.type(symbol) instanceof Type.Vector(Dim n)) {
        lengths.add(n);
      } else {
        List<String> candidates = new ArrayList<>();
        roles.inputs.forEach(s -> candidates.add(s.display()));
        scope.defined.keySet().forEach(s -> candidates.add(s.display()));
        findings.error(
            "no vector",
            name,
            "`dim` compares lengths, and %s is no vector of this cell.".formatted(symbol.display()),
            findings.didYouMean(symbol.display(), candidates, ""));
      }
    }
    if (lengths.size() == 2
        && !typing.lengths.declareEqual(lengths.getFirst(), lengths.getLast())) {
      findings.error(
          "shapes do not agree",
          d,
          "%s and %s are declared of different length."
              .formatted(d.left().symbol().display(), d.right().symbol().display()));
    }
  }

  private static List<Symbol> symbols(Roles roles, List<Definition> definitions) {
    Set<Symbol> all = new LinkedHashSet<>(roles.inputs);
    all.addAll(roles.states);
    definitions.forEach(d -> all.add(d.symbol()));
    all.addAll(roles.parameters);
    return List.copyOf(all);
  }

  /// The output if it is a state, else the first state: `n` is the length of the state.
  private static Optional<Symbol> main(Roles roles, Optional<Symbol> output) {
    return output
        .filter(o -> roles.isState(o) || roles.states.isEmpty())
        .or(() -> roles.states.stream().findFirst());
  }
}
