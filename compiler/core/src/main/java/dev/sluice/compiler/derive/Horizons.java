package dev.sluice.compiler.derive;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Elementwise;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.Literal;
import dev.sluice.compiler.ir.Expr.Slice;
import dev.sluice.compiler.ir.Expr.Sum;
import dev.sluice.compiler.ir.Expr.Unary;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Expr.Value;
import dev.sluice.compiler.ir.Horizon;
import dev.sluice.compiler.ir.Initialiser;
import dev.sluice.compiler.ir.Jacobian;
import dev.sluice.compiler.ir.Jacobian.Factor;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How long a state remembers before training: a gate f on the path `∂c_t/∂c_{t-1} = diag(f_t)`
/// whose pre-activation is its bias b, as inputs and states are 0 on average.
public final class Horizons {
  private Horizons() {}

  /// @param cell in flat form
  /// @param jacobians of it
  public static List<Horizon> of(Cell cell, List<Jacobian> jacobians) {
    List<Horizon> horizons = new ArrayList<>();
    for (Jacobian j : jacobians) {
      boolean own = j.delay() == 1 && j.target().equals(j.source());
      for (Jacobian.Path path : own ? j.paths() : List.<Jacobian.Path>of()) {
        if (path.coefficient() == 1
            && path.factors().size() == 1
            && path.factors().getFirst() instanceof Factor.Diagonal(List<Expr> product)
            && product.size() == 1) {
          Expr factor = product.getFirst();
          of(cell, j.source(), factor instanceof Expr.Spread(Expr x, var _, var _) ? x : factor)
              .ifPresent(horizons::add);
        }
      }
    }
    return horizons;
  }

  private static Optional<Horizon> of(Cell cell, Symbol state, Expr factor) {
    Optional<Expr> complement =
        definition(cell, factor)
            .flatMap(
                d ->
                    d instanceof Binary(BinaryOp op, Literal(double one), Expr u)
                            && op == BinaryOp.SUBTRACT
                            && one == 1
                        ? Optional.of(u)
                        : Optional.empty());
    Expr gate = complement.orElse(factor);
    return definition(cell, gate)
        .flatMap(d -> bias(cell, d))
        .map(b -> horizon(state, ((Value) gate).symbol(), b, complement.isPresent()));
  }

  private static Horizon horizon(Symbol state, Symbol gate, double bias, boolean writes) {
    double open = Elementwise.apply(UnaryOp.SIGMOID, bias);
    return new Horizon(state, gate, bias, writes, 1 / (writes ? open : 1 - open));
  }

  private static Optional<Expr> definition(Cell cell, Expr e) {
    return e instanceof Value v && v.delay() == 0
        ? cell.equation(v.symbol()).map(Equation::value)
        : e instanceof Binary ? Optional.of(e) : Optional.empty();
  }

  /// The sum of the biases of a sigmoid's argument where it starts; empty if it has none, or if one
  /// starts at random.
  private static Optional<Double> bias(Cell cell, Expr definition) {
    if (!(definition instanceof Unary(UnaryOp op, Expr z)) || op != UnaryOp.SIGMOID) {
      return Optional.empty();
    }
    List<Expr> terms = new ArrayList<>();
    definition(cell, z).ifPresent(d -> collect(d, terms));
    double sum = 0;
    boolean any = false;
    for (Expr term : terms) {
      Expr whole = term instanceof Slice(Expr x, var _, var _, var _) ? x : term;
      if (whole instanceof Expr.Parameter(Symbol symbol, var _)) {
        Optional<Initialiser> initialiser =
            cell.parameters().stream()
                .filter(p -> p.symbol().equals(symbol))
                .findFirst()
                .map(Cell.Parameter::initialiser);
        if (initialiser.isEmpty()) {
          return Optional.empty(); // a computed weight
        }
        switch (initialiser.get()) {
          case Initialiser.Default() -> any = true;
          case Initialiser.Constant(double value) -> {
            any = true;
            sum += value;
          }
          default -> {
            return Optional.empty();
          }
        }
      }
    }
    return any ? Optional.of(sum) : Optional.empty();
  }

  private static void collect(Expr e, List<Expr> terms) {
    if (e instanceof Sum(List<Expr> all)) {
      terms.addAll(all);
    }
  }
}
