package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Initialiser;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Declarations against what the equations make of their names, and what a careful reader would
/// remark.
final class Checks {
  private final Scope scope;
  private final Roles roles;
  private final List<Definition> definitions;
  private final Typing typing;
  private final Findings findings;

  Checks(Scope scope, Roles roles, List<Definition> definitions, Typing typing, Findings findings) {
    this.scope = scope;
    this.roles = roles;
    this.definitions = definitions;
    this.typing = typing;
    this.findings = findings;
  }

  void declarations() {
    lets();
    states();
    initialisers();
    frozen();
    shapes();
  }

  private void lets() {
    for (Ast.LetDeclaration let : scope.declared.lets.values()) {
      if (scope.bound(let.name().symbol()).isPresent()) {
        continue;
      }
      Optional<Symbol> target = Syntax.untimed(let.value());
      String help =
          target.isEmpty()
              ? "For a number write `const`, for anything else an equation."
              : findings.didYouMean(
                  target.get().display(),
                  scope.functionNames(),
                  "Known are tanh, sigmoid, relu ….");
      findings.error(
          "unknown function",
          let.value(),
          "`let` gives a function another name, and %s is none."
              .formatted(Syntax.text(let.value())),
          help);
    }
  }

  private void states() {
    List<String> known = scope.defined.keySet().stream().map(Symbol::display).toList();
    for (Ast.StateDeclaration state : scope.declared.states.values()) {
      String name = state.name().symbol().display();
      if (!scope.defined.containsKey(state.name().symbol())) {
        findings.error(
            "a state without an equation",
            state.name(),
            "%s is declared a state, but no equation defines %s."
                .formatted(name, Syntax.timed(state.name().symbol(), 0)),
            findings.didYouMean(name, known, ""));
      }
    }
  }

  private void initialisers() {
    List<String> known = roles.parameters.stream().map(Symbol::display).toList();
    for (Ast.InitDeclaration init : scope.declared.initialisers.values()) {
      Symbol symbol = init.name().symbol();
      if (!roles.parameters.contains(symbol)) {
        String name = symbol.display();
        boolean state = roles.isState(symbol);
        findings.error(
            "not a parameter",
            init.name(),
            "`init` says how a parameter starts, and %s is %s."
                .formatted(name, state ? "a state" : "none"),
            state
                ? "Write `state %s = …`.".formatted(name)
                : StepLabels.start(init.name().symbol(), roles)
                    .map("Write `state %s = …`."::formatted)
                    .orElseGet(() -> findings.didYouMean(name, known, "")));
      } else if (needsMatrix(init.initialiser()) && !(typing.type(symbol) instanceof Type.Matrix)) {
        findings.error(
            "not a matrix",
            init.name(),
            "%s is %s; this way to start is for matrices."
                .formatted(symbol.display(), Typing.kind(typing.type(symbol))));
      } else if (isOfWholeMatrix(init.initialiser()) && typing.blocks(symbol).isPresent()) {
        findings.error(
            "not available yet",
            init.name(),
            "%s is block-diagonal; this way to start is for whole matrices."
                .formatted(symbol.display()));
      }
    }
  }

  private static boolean isOfWholeMatrix(Initialiser initialiser) {
    return initialiser instanceof Initialiser.Orthogonal
        || initialiser instanceof Initialiser.Identity;
  }

  private void frozen() {
    for (Ast.Name name : scope.declared.frozen.values()) {
      if (!roles.parameters.contains(name.symbol())) {
        findings.error(
            "not a parameter",
            name,
            "`frozen` keeps a parameter as it is, and %s is none."
                .formatted(name.symbol().display()),
            findings.didYouMean(
                name.symbol().display(),
                roles.parameters.stream().map(Symbol::display).toList(),
                ""));
      }
    }
  }

  private static boolean needsMatrix(Initialiser initialiser) {
    return switch (initialiser) {
      case Initialiser.Orthogonal _, Initialiser.Identity _, Initialiser.Glorot _ -> true;
      case Initialiser.Default _,
          Initialiser.Constant _,
          Initialiser.Uniform _,
          Initialiser.Normal _ ->
          false;
    };
  }

  private void shapes() {
    for (Declarations.Shaped shaped : scope.declared.shapes.values()) {
      Symbol symbol = shaped.name().symbol();
      boolean timed = scope.isInput(symbol) || scope.defined.containsKey(symbol);
      boolean matrix = Ranks.of(shaped.shape()) == Ranks.Rank.MATRIX;
      boolean diagonal =
          shaped.shape() instanceof Ast.DeclaredShape.Diagonal
              || shaped.shape() instanceof Ast.DeclaredShape.Blocks;
      if (scope.isInput(symbol) && (matrix || diagonal)) {
        findings.error(
            "not available yet",
            shaped.name(),
            "%s is an input, and inputs are vectors or scalars.".formatted(symbol.display()),
            "A matrix can be made of vectors: `v_t k_t^T`.");
      } else if (timed && diagonal) {
        findings.error(
            "not a weight",
            shaped.name(),
            "%s is defined by an equation, which says what it is.".formatted(symbol.display()),
            "Write diag(%s) where it is used.".formatted(symbol.display()));
      } else if (!timed && !roles.parameters.contains(symbol)) {
        findings.note(
            "declared and not used",
            shaped.name(),
            "No equation has %s.".formatted(symbol.display()));
      }
    }
  }

  void output(Symbol output) {
    Type type = typing.type(output);
    if (type instanceof Type.Scalar || type instanceof Type.Matrix) {
      Ast.Name at = scope.firstUse.get(output);
      if (at != null) {
        findings.error(
            "the output is no vector",
            at,
            "%s is %s.".formatted(output.display(), Typing.kind(type)),
            "Another name can be the output: `output h`.");
      }
    }
  }

  /// A cell needs time.
  void time() {
    boolean timeless = roles.inputs.isEmpty() && roles.states.isEmpty() && scope.timed.isEmpty();
    if (timeless && !definitions.isEmpty()) {
      findings.error(
          "nothing here has a time",
          definitions.getFirst().at(),
          "No name is read at step t or t-1, so there is neither an input nor a state.",
          "Write x_t for the input and h_{t-1} for the state of the step before.");
    }
  }

  void remarks(Symbol output) {
    for (Definition d : definitions) {
      boolean used =
          d.stacked()
              || d.symbol().equals(output)
              || roles.isRead(d.symbol())
              || roles.isState(d.symbol());
      if (!used) {
        findings.note(
            "never used",
            d.at(),
            "%s is defined, but nothing reads it.%s"
                .formatted(d.symbol().display(), StepLabels.howToStart(d, roles)));
      }
    }
    definitions.forEach(d -> Roles.walk(d.value(), this::vectorParameter));
    StepLabels.remark(definitions, scope, findings);
    ForeignWeights.remark(definitions, roles, findings);
    Remarks.of(definitions, typing, findings);
  }

  /// An input that may be a slip of the pen.
  void inputs() {
    List<String> defined = new ArrayList<>();
    scope.defined.keySet().forEach(s -> defined.add(s.display()));
    Set<Symbol> remarked = new HashSet<>();
    for (Symbol input : roles.inputs) {
      Ast.Name at = scope.firstUse.get(input);
      if (at == null || scope.declared.inputs.containsKey(input)) {
        continue;
      }
      String near = findings.didYouMean(input.display(), defined, "");
      boolean earlierOnly = scope.timed.getOrDefault(input, 0) > 0;
      if (isLikeWeights(input)) {
        remarked.add(input);
        findings.note(
            "%s is an input".formatted(input.display()),
            at,
            "%s counts the steps here, so %s is an input, given at every step, while other %s with labels are weights. For a weight use another label."
                .formatted(scope.declared.indexLetter(), scope.written(input, 0), input.display()));
        continue;
      }
      if (!near.isEmpty() || earlierOnly) {
        remarked.add(input);
        findings.note(
            "%s is an input".formatted(input.display()),
            at,
            "No equation defines %s, so it is given at every step. %s"
                .formatted(
                    Syntax.timed(input, 0),
                    near.isEmpty()
                        ? "It is read at an earlier step only, as a state is: is its equation missing?"
                        : near));
      }
    }
    if (!findings.failed()) { // an error about a length says what is an input
      ExtraInputs.remark(scope, roles, remarked, findings);
    }
  }

  /// `W_k x_k` beside `W_v x_k`, where k is the letter of time.
  private boolean isLikeWeights(Symbol input) {
    return Calls.isUpperCase(input)
        && roles.inputs.size() > 1
        && roles.parameters.stream().anyMatch(p -> p.plain().startsWith(input.plain() + "_"));
  }

  /// `W x` with an x without time is legal, and rarely meant.
  private void vectorParameter(Term term) {
    if (term instanceof Term.Product p
        && p.factors().size() == 2
        && p.factors().getLast() instanceof Term.Parameter v
        && StepLabels.earlier(v.symbol(), scope).isEmpty()
        && typing.type(v.symbol()) instanceof Type.Vector
        && typing.type(p.factors().getFirst()) instanceof Type.Matrix) {
      String name = v.symbol().display();
      Symbol rate = new Symbol(v.symbol().plain() + "_dot", name);
      findings.note(
          "%s is a parameter".formatted(name),
          v.at(),
          scope.defined.containsKey(rate)
              ? "%s has no time and no equation, so it is trained like a weight; its name with a dot is another name, not its derivative. A step of Euler's: %s = %s + Δ (…)."
                  .formatted(name, Syntax.timed(v.symbol(), 0), Syntax.timed(v.symbol(), 1))
              : "%s has no time, so it is trained like a weight. An input is written %s."
                  .formatted(name, Syntax.timed(v.symbol(), 0)));
    }
  }
}
