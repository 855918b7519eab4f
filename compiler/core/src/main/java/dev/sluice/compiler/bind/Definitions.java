package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.AstNotation;
import dev.sluice.compiler.ir.Origin;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.report.Source;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Equations to definitions of one name each. A column `(g; i) = (tanh; σ)(V x_t + …)` becomes the
/// stacked value and one definition per entry, which applies its function to its rows.
final class Definitions {
  /// A comment above generated code needs no more of an equation.
  private static final int LONGEST_ORIGIN = 1_000;

  private final Scope scope;
  private final Resolver resolver;
  private final Findings findings;
  private final Lines lines;
  private final FreshNames fresh;
  private final List<Definition> definitions = new ArrayList<>();
  private final Set<Symbol> done = new HashSet<>();

  private Definitions(
      Scope scope, Resolver resolver, FreshNames fresh, Source source, Findings findings) {
    this.scope = scope;
    this.resolver = resolver;
    this.fresh = fresh;
    this.findings = findings;
    this.lines = new Lines(source);
  }

  /// In the order of the file, stacked values before their entries.
  static List<Definition> of(
      Scope scope, Resolver resolver, FreshNames fresh, Source source, Findings findings) {
    Definitions all = new Definitions(scope, resolver, fresh, source, findings);
    scope.equations.forEach(all::add);
    return List.copyOf(all.definitions);
  }

  private void add(Ast.Equation e) {
    Origin origin = lines.origin(e, LONGEST_ORIGIN);
    if (!(e.left() instanceof Ast.Column left)) {
      define(e.left(), resolver.term(e.right()), origin);
    } else if (e.right() instanceof Ast.Column right) {
      if (sameCount(left, right)) {
        for (int i = 0; i < left.rows().size(); i++) {
          define(left.rows().get(i), resolver.term(right.rows().get(i)), origin);
        }
      }
    } else {
      stack(left, e.right(), origin);
    }
  }

  private void stack(Ast.Column left, Ast.Expression right, Origin origin) {
    List<Ast.Expression> functions = List.of();
    Ast.Expression stacked = right;
    if (right instanceof Ast.Apply a && a.arguments().size() == 1) {
      if (a.function() instanceof Ast.Column column && areFunctions(column)) {
        functions = column.rows();
        stacked = a.arguments().getFirst();
      } else if (resolver.isCall(a)) {
        functions = List.of(a.function());
        stacked = a.arguments().getFirst();
      }
    } else if (right instanceof Ast.Juxtaposition j
        && j.factors().getFirst() instanceof Ast.Column column
        && areFunctions(column)) {
      functions = column.rows();
      stacked = product(j.factors().subList(1, j.factors().size()));
    }
    if (functions.size() > 1 && !sameCount(left, new Ast.Column(functions, right.span()))) {
      return;
    }
    define(left, functions, stacked, right, origin);
  }

  /// What is left of a product behind a column of functions.
  private static Ast.Expression product(List<Ast.Expression> factors) {
    return factors.size() == 1
        ? factors.getFirst()
        : new Ast.Juxtaposition(factors, factors.getFirst().span().to(factors.getLast().span()));
  }

  private boolean areFunctions(Ast.Column column) {
    boolean any = column.rows().stream().anyMatch(resolver::isFunction);
    boolean names = column.rows().stream().allMatch(r -> Syntax.untimed(r).isPresent());
    return any && names;
  }

  private void define(
      Ast.Column left,
      List<Ast.Expression> functions,
      Ast.Expression stacked,
      Ast.Expression right,
      Origin origin) {
    String entries =
        left.rows().stream()
            .map(row -> row instanceof Ast.Name n ? n.symbol().plain() : "")
            .collect(Collectors.joining());
    Symbol stack = fresh.name("z_" + (entries.length() > 24 ? entries.substring(0, 24) : entries));
    definitions.add(new Definition(stack, resolver.term(stacked), stacked, origin, true));
    int count = left.rows().size();
    for (int i = 0; i < count; i++) {
      int index = i;
      Ast.Expression row = left.rows().get(i);
      if (functions.isEmpty()) {
        define(row, new Term.Piece(stack, index, count, row), origin);
      } else {
        Ast.Expression function = functions.get(functions.size() == 1 ? 0 : i);
        Term value =
            resolver.applied(function, () -> new Term.Piece(stack, index, count, right), right);
        define(row, value, origin);
      }
    }
  }

  private boolean sameCount(Ast.Column left, Ast.Column right) {
    int names = left.rows().size();
    int entries = right.rows().size();
    if (names != entries) {
      findings.error(
          "columns of different height",
          right,
          "The column on the left has %d names, the one on the right %d entries."
              .formatted(names, entries),
          "Give one entry for each name, or one for all.");
    }
    return names == entries;
  }

  private void define(Ast.Expression left, Term value, Origin origin) {
    if (left instanceof Ast.Name n && done.add(n.symbol())) {
      definitions.add(new Definition(n.symbol(), value, left, origin, false));
    }
  }

  /// Line numbers without reading the text again for each equation.
  private static final class Lines {
    private final Source source;
    private int offset;
    private int line = 1;

    Lines(Source source) {
      this.source = source;
    }

    Origin origin(Ast.Equation e, int longest) {
      int start = Math.min(e.span().start(), source.text().length());
      if (start < offset) {
        offset = 0;
        line = 1;
      }
      for (; offset < start; offset++) {
        line += source.text().charAt(offset) == '\n' ? 1 : 0;
      }
      String text = AstNotation.equation(e);
      String shown = text.length() > longest ? text.substring(0, longest) + "…" : text;
      return new Origin(source.name(), line, shown);
    }
  }
}
