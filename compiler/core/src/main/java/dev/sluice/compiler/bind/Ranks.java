package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which names are numbers, vectors, matrices. An upper-case parameter is a matrix, a lower-case
/// Latin one a vector, an input a vector; a defined name is what its equation is; a lower-case
/// Greek parameter is what its use demands (`λ ∘ h`, `W λ`), and a scalar where nothing does.
final class Ranks {
  enum Rank {
    UNKNOWN,
    SCALAR,
    VECTOR,
    MATRIX,
    /// of something reported already
    BROKEN;

    boolean isKnownArray() {
      return this == VECTOR || this == MATRIX;
    }
  }

  private final Scope scope;
  private final Map<Symbol, Definition> definitions = new HashMap<>();
  private final Map<Symbol, Rank> ranks = new HashMap<>();
  private final Map<Symbol, Set<Symbol>> readers = new HashMap<>();
  private final Set<Symbol> overridden = new HashSet<>();
  private final Deque<Definition> pending = new ArrayDeque<>();
  private final Set<Symbol> queued = new HashSet<>();
  private boolean productsDemand;

  private Ranks(Scope scope) {
    this.scope = scope;
  }

  static Map<Symbol, Rank> of(Scope scope, List<Definition> all) {
    Ranks ranks = new Ranks(scope);
    all.forEach(d -> ranks.definitions.put(d.symbol(), d));
    all.forEach(d -> ranks.register(d.value(), d));
    ranks.settle(all);
    ranks.productsDemand = true; // `W λ` alone
    ranks.settle(all);
    ranks.ranks.replaceAll(
        (s, rank) -> rank == Rank.UNKNOWN && !scope.defined.containsKey(s) ? Rank.SCALAR : rank);
    ranks.settle(all);
    ranks.ranks.replaceAll((_, rank) -> rank == Rank.UNKNOWN ? Rank.SCALAR : rank);
    ranks.settle(all);
    return ranks.ranks;
  }

  private void register(Term root, Definition reader) {
    Deque<Term> open = new ArrayDeque<>(List.of(root));
    while (!open.isEmpty()) {
      Term term = open.pop();
      switch (term) {
        case Term.Parameter p -> ranks.computeIfAbsent(p.symbol(), this::ofParameter);
        case Term.Timed t -> ranks.computeIfAbsent(t.symbol(), this::ofTimed);
        case Term.Number _,
            Term.Constant _,
            Term.StepNumber _,
            Term.Identity _,
            Term.Diagonal _,
            Term.Map _,
            Term.Zip _,
            Term.Choice _,
            Term.Whole _,
            Term.Sum _,
            Term.Product _,
            Term.Transposed _,
            Term.Concatenated _,
            Term.Piece _,
            Term.Mask _,
            Term.Broken _ -> {}
      }
      symbol(term)
          .ifPresent(
              s -> readers.computeIfAbsent(s, _ -> new LinkedHashSet<>()).add(reader.symbol()));
      open.addAll(term.children());
    }
    ranks.computeIfAbsent(reader.symbol(), this::ofTimed);
  }

  private static Optional<Symbol> symbol(Term term) {
    return switch (term) {
      case Term.Parameter p -> Optional.of(p.symbol());
      case Term.Timed t -> Optional.of(t.symbol());
      case Term.Number _,
          Term.Constant _,
          Term.StepNumber _,
          Term.Identity _,
          Term.Diagonal _,
          Term.Map _,
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

  private Rank ofParameter(Symbol symbol) {
    Declarations.Shaped declared = scope.declared.shapes.get(symbol);
    if (declared != null) {
      return of(declared.shape());
    }
    if (Calls.isUpperCase(symbol)) {
      return Rank.MATRIX;
    }
    int letter = symbol.display().codePointAt(0);
    boolean greek = Character.UnicodeScript.of(letter) == Character.UnicodeScript.GREEK;
    return greek ? Rank.UNKNOWN : Rank.VECTOR;
  }

  private Rank ofTimed(Symbol symbol) {
    Declarations.Shaped declared = scope.declared.shapes.get(symbol);
    if (declared != null) {
      return of(declared.shape());
    }
    return definitions.containsKey(symbol) ? Rank.UNKNOWN : Rank.VECTOR;
  }

  static Rank of(Ast.DeclaredShape shape) {
    return switch (shape) {
      case Ast.DeclaredShape.Diagonal(), Ast.DeclaredShape.Vector() -> Rank.VECTOR;
      case Ast.DeclaredShape.Matrix() -> Rank.MATRIX;
      case Ast.DeclaredShape.Blocks _ -> Rank.MATRIX;
      case Ast.DeclaredShape.Plain(Shape.Scalar()) -> Rank.SCALAR;
      case Ast.DeclaredShape.Plain(Shape.Vector _) -> Rank.VECTOR;
      case Ast.DeclaredShape.Plain(Shape.Matrix _) -> Rank.MATRIX;
    };
  }

  private void settle(List<Definition> all) {
    all.forEach(d -> enqueue(d.symbol()));
    while (!pending.isEmpty()) {
      Definition d = pending.removeFirst();
      queued.remove(d.symbol());
      Rank value = rank(d.value());
      Rank before = rank(d.symbol());
      if (value == Rank.UNKNOWN) {
        demand(d.value(), before);
      } else if (before == Rank.UNKNOWN) {
        set(d.symbol(), value);
      } else if (before != value
          && !scope.declared.shapes.containsKey(d.symbol())
          && overridden.add(d.symbol())) {
        set(d.symbol(), value); // what the equation is counts more than what a use demands
      }
    }
  }

  private void enqueue(Symbol symbol) {
    Definition d = definitions.get(symbol);
    if (d != null && queued.add(symbol)) {
      pending.addLast(d);
    }
  }

  private void set(Symbol symbol, Rank rank) {
    ranks.put(symbol, rank);
    readers.getOrDefault(symbol, Set.of()).forEach(this::enqueue);
  }

  private Rank rank(Symbol symbol) {
    return ranks.getOrDefault(symbol, Rank.UNKNOWN);
  }

  private Rank rank(Term term) {
    return switch (term) {
      case Term.Number _, Term.Constant _, Term.StepNumber _ -> Rank.SCALAR;
      case Term.Parameter p -> rank(p.symbol());
      case Term.Timed t -> rank(t.symbol());
      case Term.Identity _ -> Rank.MATRIX;
      case Term.Diagonal d -> {
        demandIfUnknown(d.x(), Rank.VECTOR);
        yield Rank.MATRIX;
      }
      case Term.Map m -> rank(m.x());
      case Term.Zip z -> together(List.of(rank(z.a()), rank(z.b())));
      case Term.Choice c -> together(c.children().stream().map(this::rank).toList());
      case Term.Whole w -> {
        if (w.op() != Term.WholeOp.NORM || !isDefined(w.x())) {
          w.children().forEach(x -> demandIfUnknown(x, Rank.VECTOR));
        }
        yield w.op().isToScalar() ? Rank.SCALAR : Rank.VECTOR;
      }
      case Term.Sum s -> sum(s);
      case Term.Product p -> product(p);
      case Term.Transposed t -> rank(t.x());
      case Term.Concatenated c -> {
        c.parts().forEach(this::rank);
        yield Rank.VECTOR;
      }
      case Term.Piece p -> {
        demand(p.stack(), Rank.VECTOR);
        yield Rank.VECTOR;
      }
      case Term.Mask m -> rank(m.of());
      case Term.Broken _ -> Rank.BROKEN;
    };
  }

  /// An outer product says more clearly what the sum is than names whose kind is open.
  private Rank sum(Term.Sum s) {
    List<Rank> addends = s.children().stream().map(this::rank).toList();
    for (int i = 0; i < addends.size(); i++) {
      boolean outer =
          addends.get(i) == Rank.MATRIX
              && s.children().get(i) instanceof Term.Product p
              && isOuter(p, p.factors().stream().map(this::rank).toList());
      if (outer) {
        return Rank.MATRIX;
      }
    }
    return together(addends);
  }

  /// Of values of one shape among which scalars are spread.
  private static Rank together(List<Rank> parts) {
    for (Rank strongest : List.of(Rank.VECTOR, Rank.MATRIX, Rank.BROKEN, Rank.UNKNOWN)) {
      if (parts.contains(strongest)) {
        return strongest;
      }
    }
    return Rank.SCALAR;
  }

  private Rank product(Term.Product p) {
    List<Rank> factors = p.factors().stream().map(this::rank).toList();
    if (factors.contains(Rank.BROKEN)) {
      return factors.contains(Rank.VECTOR) ? Rank.VECTOR : Rank.BROKEN;
    }
    if (p.sign() == Term.Sign.CIRCLE) {
      Rank whole = together(factors);
      if (whole.isKnownArray()) {
        for (int i = 0; i < factors.size(); i++) {
          if (factors.get(i) == Rank.UNKNOWN) {
            demand(p.factors().get(i), whole);
          }
        }
      }
      return whole;
    }
    boolean inner =
        p.factors().getFirst() instanceof Term.Transposed
            && factors.getFirst() == Rank.VECTOR
            && factors.getLast() == Rank.VECTOR;
    if (inner) {
      return Rank.SCALAR;
    }
    if (isOuter(p, factors)) {
      return Rank.MATRIX;
    }
    if (mayBeOuter(p, factors) || isOpenTransposition(p, factors)) {
      if (productsDemand) { // `θᵀ x`
        p.factors().stream()
            .filter(f -> f instanceof Term.Transposed(Term.Parameter _, var _))
            .forEach(f -> demandIfUnknown(((Term.Transposed) f).x(), Rank.VECTOR));
      }
      return Rank.UNKNOWN;
    }
    int last = factors.size() - 1;
    boolean open = factors.get(last) == Rank.UNKNOWN && factors.contains(Rank.MATRIX);
    if (open && productsDemand && !factors.contains(Rank.VECTOR)) {
      demand(p.factors().get(last), Rank.VECTOR);
      return Rank.VECTOR;
    }
    return factors.contains(Rank.VECTOR)
        ? Rank.VECTOR
        : factors.contains(Rank.UNKNOWN) ? Rank.UNKNOWN : together(factors);
  }

  /// `v kᵀ` where it isn't known yet what k is.
  private static boolean mayBeOuter(Term.Product p, List<Rank> factors) {
    int column = factors.indexOf(Rank.VECTOR);
    for (int i = column + 1; column >= 0 && i < factors.size(); i++) {
      if (factors.get(i) == Rank.UNKNOWN && p.factors().get(i) instanceof Term.Transposed) {
        return true;
      }
    }
    return false;
  }

  /// `β v kᵀ`: a column before a row.
  private static boolean isOuter(Term.Product p, List<Rank> factors) {
    boolean column = false;
    for (int i = 0; i < factors.size(); i++) {
      if (factors.get(i) == Rank.VECTOR) {
        if (p.factors().get(i) instanceof Term.Transposed) {
          return column;
        }
        column = true;
      }
    }
    return false;
  }

  /// `k vᵀ` and `kᵀ v` with a k or v whose kind is still open: a matrix, a number or a row.
  private static boolean isOpenTransposition(Term.Product p, List<Rank> factors) {
    return factors.contains(Rank.UNKNOWN)
        && !factors.contains(Rank.MATRIX)
        && p.factors().stream().anyMatch(f -> f instanceof Term.Transposed);
  }

  private void demandIfUnknown(Term term, Rank wanted) {
    if (rank(term) == Rank.UNKNOWN) {
      demand(term, wanted);
    }
  }

  /// Makes what is open in a term an array of the wanted rank.
  private void demand(Term term, Rank wanted) {
    if (!wanted.isKnownArray()) {
      return;
    }
    switch (term) {
      case Term.Parameter p -> demand(p.symbol(), wanted);
      case Term.Timed t -> demand(t.symbol(), wanted);
      case Term.Product p
          when isOpenTransposition(p, p.factors().stream().map(this::rank).toList()) -> {}
      case Term.Map _, Term.Zip _, Term.Choice _, Term.Sum _, Term.Product _, Term.Transposed _ ->
          term.children().forEach(child -> demandIfUnknown(child, wanted));
      case Term.Number _,
          Term.Constant _,
          Term.StepNumber _,
          Term.Identity _,
          Term.Diagonal _,
          Term.Whole _,
          Term.Concatenated _,
          Term.Piece _,
          Term.Mask _,
          Term.Broken _ -> {}
    }
  }

  /// Whether equations say what it is; the norm of a matrix is one, too.
  private boolean isDefined(Term term) {
    boolean[] found = {false};
    Roles.walk(
        term, x -> found[0] |= x instanceof Term.Timed t && scope.defined.containsKey(t.symbol()));
    return found[0];
  }

  private void demand(Symbol symbol, Rank wanted) {
    if (rank(symbol) == Rank.UNKNOWN) {
      set(symbol, wanted);
      enqueue(symbol);
    }
  }
}
