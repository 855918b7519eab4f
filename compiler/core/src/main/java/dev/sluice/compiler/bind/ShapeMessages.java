package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.report.Problem;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Explains lengths that do not agree, in the names of the cell.
final class ShapeMessages {
  private static final String TITLE = "shapes do not agree";

  private final Scope scope;
  private final Typing typing;
  private final DimensionNames names;
  private final Roles roles;

  /// By length, the last state that has it.
  private final Map<Dim, Symbol> stateOfLength = new HashMap<>();

  ShapeMessages(Scope scope, Typing typing, DimensionNames names, Roles roles) {
    this.scope = scope;
    this.typing = typing;
    this.names = names;
    this.roles = roles;
    for (Symbol state : roles.states) {
      if (typing.type(state) instanceof Type.Vector(Dim n)) {
        stateOfLength.put(names.named(n), state);
      }
    }
  }

  /// @param a one length
  /// @param b the other
  Problem problem(Mismatch mismatch, Dim a, Dim b) {
    return switch (mismatch) {
      case Mismatch.Elementwise e -> elementwise(e);
      case Mismatch.OfProduct p -> product(p, a, b);
      case Mismatch.Matrices m ->
          Problem.error(
              TITLE,
              m.whole().at().span(),
              "%s is %s, %s is %s."
                  .formatted(
                      m.left().text(), matrix(m.left()), m.right().text(), matrix(m.right())),
              m.whole() instanceof Term.Sum
                  ? "A sum needs equal shapes."
                  : "A product needs as many columns on the left as rows on the right.");
      case Mismatch.OfDefinition d -> definition(d.definition(), a, b);
      case Mismatch.Stacked s ->
          Problem.error(
              TITLE,
              s.piece().at().span(),
              "The column has %d names of equal length, but what it divides has length %s."
                  .formatted(s.piece().count(), names.named(a)));
    };
  }

  private Problem elementwise(Mismatch.Elementwise e) {
    boolean sum = e.whole() instanceof Term.Sum;
    String need =
        switch (e.whole()) {
          case Term.Sum _ -> "The terms of a sum need equal lengths.";
          case Term.Product p ->
              switch (p.sign()) {
                case CIRCLE -> "∘ needs equal lengths.";
                case DOT -> "· needs equal lengths.";
                case NONE -> "Vectors side by side need equal lengths.";
              };
          case Term.Number _,
              Term.Constant _,
              Term.StepNumber _,
              Term.Parameter _,
              Term.Timed _,
              Term.Identity _,
              Term.Diagonal _,
              Term.Map _,
              Term.Zip _,
              Term.Choice _,
              Term.Whole _,
              Term.Transposed _,
              Term.Concatenated _,
              Term.Piece _,
              Term.Mask _,
              Term.Broken _ ->
              "The two need equal lengths.";
        };
    Term blamed = e.blameLeft() ? e.left() : e.right();
    return Problem.error(
        TITLE,
        sum ? blamed.at().span() : e.whole().at().span(),
        "%s, %s.\n%s".formatted(length(e.left()), length(e.right()), need),
        help(e));
  }

  /// Where an input meets a vector as long as a state: the state is meant, or the lengths are
  /// equal.
  private String help(Mismatch.Elementwise e) {
    Optional<Symbol> left = input(e.left());
    Optional<Symbol> input = left.or(() -> input(e.right()));
    if (input.isEmpty()) {
      return "";
    }
    Term other = left.isPresent() ? e.right() : e.left();
    Dim wanted = names.named(typing.length(other));
    Optional<Symbol> state = Optional.ofNullable(stateOfLength.get(wanted));
    if (state.isEmpty()) {
      return "";
    }
    Symbol s = state.get();
    boolean isState = other instanceof Term.Timed t && t.symbol().equals(s);
    String meant =
        isUnexpected(input.get())
            ? "Is an equation for %s missing?\n".formatted(Syntax.timed(input.get(), 0))
            : e.whole() instanceof Term.Sum
                ? "A matrix before %s would bring it to length %s.\n"
                    .formatted((left.isPresent() ? e.left() : e.right()).text(), wanted)
                : isState ? "" : "Did you mean %s?\n".formatted(scope.written(s, 1));
    return meant
        + "If the two are of one length, say so: `dim %s = dim %s`."
            .formatted(input.get().display(), s.display());
  }

  /// An input only because no equation defines it, under another name than the usual one.
  private boolean isUnexpected(Symbol input) {
    return !scope.declared.inputs.containsKey(input) && !input.plain().equals("x");
  }

  private Optional<Symbol> input(Term term) {
    return switch (term) {
      case Term.Timed t when scope.isInput(t.symbol()) -> Optional.of(t.symbol());
      case Term.Map m -> input(m.x());
      case Term.Number _,
          Term.Constant _,
          Term.StepNumber _,
          Term.Parameter _,
          Term.Timed _,
          Term.Identity _,
          Term.Diagonal _,
          Term.Zip _,
          Term.Choice _,
          Term.Whole _,
          Term.Sum _,
          Term.Product _,
          Term.Transposed _,
          Term.Concatenated _,
          Term.Piece _,
          Term.Mask _,
          Term.Broken _ ->
          Optional.empty();
    };
  }

  private Problem product(Mismatch.OfProduct p, Dim needed, Dim found) {
    String matrix = p.matrix().text();
    String operand =
        p.operand() instanceof Term.Timed t ? t.symbol().display() : p.operand().text();
    String inner = p.operand() == p.whole() ? "what it multiplies" : operand;
    String because =
        p.because()
            .filter(b -> b != p.whole())
            .map(b -> "\n%s makes %s so.".formatted(quoted(b.text()), quoted(matrix)))
            .orElse("");
    return Problem.error(
        TITLE,
        p.whole().at().span(),
        "%s is %s, so %s needs a vector of length %s, but %s has length %s.%s"
            .formatted(
                quoted(matrix),
                matrix(p.matrix()),
                quoted(p.whole().text()),
                names.named(needed),
                inner,
                names.named(found),
                because));
  }

  private Problem definition(Definition d, Dim target, Dim value) {
    if (typing.type(d.symbol()) instanceof Type.Matrix(Dim rows, Dim columns)) {
      return Problem.error(
          TITLE,
          d.at().span(),
          "%s is %s×%s, its equation gives %s."
              .formatted(
                  d.symbol().display(),
                  factor(names.named(rows)),
                  factor(names.named(columns)),
                  matrix(d.value())));
    }
    return Problem.error(
        TITLE,
        d.at().span(),
        "%s has length %s, its equation gives %s."
            .formatted(d.symbol().display(), names.named(target), names.named(value)));
  }

  /// `r_t has length n (it gates h)`
  private String length(Term term) {
    String why = why(term);
    return "%s has length %s%s"
        .formatted(
            term.text(), names.named(typing.length(term)), why.isEmpty() ? "" : " (" + why + ")");
  }

  private String why(Term term) {
    return switch (term) {
      case Term.Timed t -> why(t.symbol());
      case Term.Map m ->
          input(m.x())
              .filter(this::isUnexpected)
              .map(x -> Syntax.timed(x, 0) + " is " + why(x))
              .orElse("");
      case Term.Parameter p -> scope.declared.shapes.containsKey(p.symbol()) ? "as declared" : "";
      case Term.Number _,
          Term.Constant _,
          Term.StepNumber _,
          Term.Identity _,
          Term.Diagonal _,
          Term.Zip _,
          Term.Choice _,
          Term.Whole _,
          Term.Sum _,
          Term.Product _,
          Term.Transposed _,
          Term.Concatenated _,
          Term.Piece _,
          Term.Mask _,
          Term.Broken _ ->
          "";
    };
  }

  private String why(Symbol symbol) {
    if (scope.declared.shapes.containsKey(symbol)) {
      return "as declared";
    }
    if (scope.isInput(symbol)) {
      return isUnexpected(symbol) ? "an input, for no equation defines it" : "the input";
    }
    if (roles.isState(symbol)) {
      return "the state";
    }
    Symbol gated = roles.gates.get(symbol);
    Symbol like = roles.sameColumn.get(symbol);
    return gated != null
        ? "it gates " + gated.display()
        : like != null ? "like " + Syntax.timed(like, 0) + " of its column" : "";
  }

  private String matrix(Term term) {
    return typing.type(term) instanceof Type.Matrix(Dim rows, Dim columns)
        ? factor(names.named(rows)) + "×" + factor(names.named(columns))
        : "no matrix";
  }

  private static String factor(Dim d) {
    String text = d.toString();
    return text.contains(" ") ? "(" + text + ")" : text;
  }

  private static String quoted(String text) {
    return "`" + text + "`";
  }
}
