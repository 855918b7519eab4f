package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Ast;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// What a file may hold. Far above any cell that a person writes, low enough that nothing behind
/// overflows a stack or takes more than a moment.
final class Limits {
  /// Names that equations define, columns entry by entry.
  static final int DEFINITIONS = 2_000;

  /// Equations, definitions of functions and declarations.
  static final int STATEMENTS = 10_000;

  /// Names, numbers and operations, counted again wherever a function of the user's is used.
  static final int NODES = 50_000;

  /// Operations inside one another. A sum counts once, however many terms it has.
  static final int DEPTH = 200;

  /// Steps that a value may look back: each is a state of its own.
  static final int DELAY = 256;

  private record Node(Ast.Expression expression, int depth) {}

  private final Findings findings;
  private int nodes;

  private Limits(Findings findings) {
    this.findings = findings;
  }

  /// @return whether the rest of binding may look at the file
  static boolean hold(Ast.File file, Findings findings) {
    return new Limits(findings).statements(file);
  }

  private boolean statements(Ast.File file) {
    if (file.statements().size() > STATEMENTS) {
      Ast.Statement first = file.statements().get(STATEMENTS);
      return tooMuch(first, "statements", STATEMENTS, file.statements().size());
    }
    int definitions = 0;
    for (Ast.Statement statement : file.statements()) {
      if (statement instanceof Ast.Equation(var left, var right, var _)) {
        definitions += left instanceof Ast.Column column ? column.rows().size() : 1;
        if (definitions > DEFINITIONS) {
          return tooMuch(left, "defined names", DEFINITIONS, definitions);
        }
        if (!fits(left) || !fits(right)) {
          return false;
        }
      }
      for (Ast.Expression e : declared(statement)) {
        if (!fits(e)) {
          return false;
        }
      }
    }
    return true;
  }

  private static List<Ast.Expression> declared(Ast.Statement statement) {
    return switch (statement) {
      case Ast.StateDeclaration s -> s.initial().stream().toList();
      case Ast.LetDeclaration l -> List.of(l.value());
      case Ast.ConstDeclaration c -> c.value().stream().toList();
      case Ast.InputDeclaration i -> List.copyOf(i.names());
      case Ast.ShapeDeclaration s -> List.copyOf(s.names());
      case Ast.FrozenDeclaration f -> List.copyOf(f.names());
      case Ast.Equation _,
          Ast.OutputDeclaration _,
          Ast.InitDeclaration _,
          Ast.IndexDeclaration _,
          Ast.DimDeclaration _ ->
          List.of();
    };
  }

  private boolean fits(Ast.Expression root) {
    Deque<Node> pending = new ArrayDeque<>();
    pending.push(new Node(root, 1));
    while (!pending.isEmpty()) {
      Node node = pending.pop();
      if (++nodes > NODES) {
        return tooMuch(node.expression, "names, numbers and operations", NODES, nodes);
      }
      if (node.depth > DEPTH) {
        findings.error(
            "nested too deep",
            node.expression,
            "Operations stand inside one another up to %d deep, here it is more.".formatted(DEPTH),
            "Give an inner part a name of its own.");
        return false;
      }
      boolean inSum = Syntax.isSum(node.expression);
      for (Ast.Expression child : Syntax.children(node.expression)) {
        boolean sameSum = inSum && Syntax.isSum(child) && child == first(node.expression);
        pending.push(new Node(child, sameSum ? node.depth : node.depth + 1));
      }
    }
    return true;
  }

  private static Ast.Expression first(Ast.Expression e) {
    return Syntax.children(e).getFirst();
  }

  private boolean tooMuch(Ast at, String what, int most, int found) {
    findings.error(
        "the file is too large",
        at,
        "A cell has at most %d %s; this is number %d."
            .formatted(most, what, Math.min(found, most + 1)));
    return false;
  }
}
