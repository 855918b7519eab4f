package dev.sluice.compiler.bind;

import dev.sluice.compiler.bind.Term.Addend;
import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/// What is random in training and leaves inference as it is: `dropout(x, p)`, with a mask for every
/// step, `variational_dropout(x, p)`, with one for a whole sequence, `zoneout(h_{t-1}, h̃_t, p)`.
enum Modifiers {
  /// `x ∘ mask / (1 - p)`
  DROPOUT(2),
  VARIATIONAL_DROPOUT(2),
  /// `mask ∘ before + (1 - mask) ∘ now`; in inference with p for the mask
  ZONEOUT(3);

  private final int arguments;

  Modifiers(int arguments) {
    this.arguments = arguments;
  }

  int arguments() {
    return arguments;
  }

  /// @param given as many as it takes; the last is the rate
  Term term(List<Supplier<Term>> given, Ast.Expression at, Findings findings) {
    Term rate = given.getLast().get();
    OptionalDouble p = Statics.value(rate);
    if (p.isEmpty() || !(p.getAsDouble() >= 0 && p.getAsDouble() < 1)) {
      findings.error(
          "not a rate",
          rate.at(),
          "%s is how likely a unit is dropped: a number from 0 on, below 1, made of numbers and hyperparameters."
              .formatted(rate.text()),
          "For example 0.3, or `const p = 0.3`.");
      return new Term.Broken(at);
    }
    return switch (this) {
      case DROPOUT -> dropped(given.getFirst().get(), p.getAsDouble(), true, at);
      case VARIATIONAL_DROPOUT -> dropped(given.getFirst().get(), p.getAsDouble(), false, at);
      case ZONEOUT -> zoned(given.get(0).get(), given.get(1).get(), p.getAsDouble(), at);
    };
  }

  private static Term dropped(Term x, double p, boolean everyStep, Ast.Expression at) {
    if (p == 0) {
      return x;
    }
    Term mask = new Term.Mask(x, 1 - p, 1 / (1 - p), everyStep, at);
    return new Term.Product(Term.Sign.CIRCLE, List.of(x, mask), at);
  }

  private static Term zoned(Term before, Term now, double p, Ast.Expression at) {
    if (p == 0) {
      return now;
    }
    Term mask = new Term.Mask(now, p, 1, true, at);
    Term rest =
        new Term.Zip(BinaryOp.SUBTRACT, new Term.Number(1, at), mask, at); // of a matrix, too
    Term kept = new Term.Product(Term.Sign.CIRCLE, List.of(mask, before), at);
    Term taken = new Term.Product(Term.Sign.CIRCLE, List.of(rest, now), at);
    return new Term.Sum(List.of(new Addend(false, kept), new Addend(false, taken)), at);
  }
}
