package dev.sluice.compiler.same;

import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.same.Head.Function;
import dev.sluice.compiler.same.Head.Named;
import dev.sluice.compiler.same.Head.Of;
import dev.sluice.compiler.same.Head.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A gate after a product with the state → before it, inside an activation; the product's own bias
/// loses the gate.
///
///     tanh(V x + r ∘ (W h + b))   →   tanh(V x + W (r ∘ h) + b)
///
/// Not an identity: the two conventions of the GRU are different functions. Applied on request.
final class ResetConvention {
  private final Terms terms;
  private final Algebra algebra;

  private ResetConvention(Form form) {
    this.terms = form.terms();
    this.algebra = new Algebra(terms, form.turned());
  }

  static Form before(Form form) {
    ResetConvention convention = new ResetConvention(form);
    return form.replace(convention::activation);
  }

  private Optional<Polynomial> activation(Atom atom) {
    if (!(atom.head() instanceof Of(UnaryOp op))) {
      return Optional.empty();
    }
    Polynomial z = terms.polynomial(atom.arguments().getFirst());
    Map<List<Integer>, Double> moved = new HashMap<>();
    List<Integer> gates = new ArrayList<>();
    z.terms().keySet().forEach(factors -> gate(factors, true).ifPresent(gates::add));
    if (gates.isEmpty()) {
      return Optional.empty();
    }
    for (var term : z.terms().entrySet()) {
      moved.merge(moved(term.getKey(), gates), term.getValue(), Double::sum);
    }
    return Optional.of(algebra.unary(op, new Polynomial(moved, z.shape())));
  }

  /// The gate of `r ∘ (W h)`, or of `r ∘ b`.
  private Optional<Integer> gate(List<Integer> factors, boolean ofProduct) {
    if (factors.size() != 2) {
      return Optional.empty();
    }
    for (int i = 0; i < 2; i++) {
      boolean isGate =
          terms.atom(factors.get(i)).head() instanceof Of(UnaryOp op) && op == UnaryOp.SIGMOID;
      Atom other = terms.atom(factors.get(1 - i));
      boolean fits = ofProduct ? isOfState(other) : other.head() instanceof Weight;
      if (isGate && fits) {
        return Optional.of(factors.get(i));
      }
    }
    return Optional.empty();
  }

  private boolean isOfState(Atom atom) {
    return atom.head() instanceof Named(Function function)
        && function == Function.PRODUCT
        && terms
            .polynomial(atom.arguments().getLast())
            .atom()
            .map(a -> terms.atom(a).head() instanceof Head.State)
            .orElse(false)
        && terms.polynomial(atom.arguments().getLast()).shape().equals(atom.shape());
  }

  private List<Integer> moved(List<Integer> factors, List<Integer> gates) {
    Optional<Integer> gate = gate(factors, true);
    if (gate.isPresent()) {
      Atom product = terms.atom(factors.get(factors.get(0).equals(gate.get()) ? 1 : 0));
      Shape shape = product.shape();
      Polynomial w = terms.polynomial(product.arguments().getFirst());
      Polynomial h = terms.polynomial(product.arguments().getLast());
      Polynomial gated = algebra.times(terms.of(terms.atom(gate.get())), h, shape);
      return algebra.products().product(w, gated, shape).terms().keySet().iterator().next();
    }
    Optional<Integer> ofBias = gate(factors, false).filter(gates::contains);
    return ofBias.map(g -> List.of(factors.get(factors.get(0).equals(g) ? 1 : 0))).orElse(factors);
  }
}
