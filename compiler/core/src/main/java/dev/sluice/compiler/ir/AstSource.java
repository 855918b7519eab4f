package dev.sluice.compiler.ir;

import dev.sluice.compiler.ir.Ast.DeclaredShape;
import dev.sluice.compiler.ir.Shape.Matrix;
import dev.sluice.compiler.ir.Shape.Scalar;
import dev.sluice.compiler.ir.Shape.Vector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Prints a cell's syntax tree as a source file in one [Spelling]. Reading it gives the same tree:
/// the same equations and declarations in the same order, with time as a subscript; comments are
/// gone.
public final class AstSource {
  private final Spelling spelling;
  private final String index;
  private final AstText text;

  private AstSource(Ast.File file, Spelling spelling) {
    this.spelling = spelling;
    this.index =
        file.statements().stream()
            .filter(Ast.IndexDeclaration.class::isInstance)
            .map(s -> ((Ast.IndexDeclaration) s).letter())
            .findFirst()
            .orElse("t");
    Set<String> names = new HashSet<>();
    for (Ast.Statement statement : file.statements()) {
      ofItself(statement).forEach(n -> names.add(n.symbol().plain()));
      functions(statement, names);
    }
    boolean sigma = file.statements().stream().anyMatch(AstSource::hasSigma);
    this.text = new AstText(spelling, index, Optional.of(names), sigma);
  }

  /// A file, each line ended by `\n`. LaTeX has its equations in `aligned` blocks, and declarations
  /// in between as they are typed.
  public static String print(Ast.File file, Spelling spelling) {
    return new AstSource(file, spelling).print(file);
  }

  private String print(Ast.File file) {
    StringBuilder out = new StringBuilder();
    List<String> block = new ArrayList<>();
    for (Ast.Statement statement : file.statements()) {
      if (statement instanceof Ast.Equation e) {
        block.add(text.equation(e, spelling == Spelling.LATEX ? " &= " : " = "));
      } else {
        flush(block, out);
        out.append(declaration(statement)).append('\n');
      }
    }
    flush(block, out);
    return out.toString();
  }

  private void flush(List<String> block, StringBuilder out) {
    if (block.isEmpty()) {
      return;
    }
    out.append(
        spelling == Spelling.LATEX
            ? "\\begin{aligned}\n" + String.join(" \\\\\n", block) + "\n\\end{aligned}\n"
            : String.join("\n", block) + "\n");
    block.clear();
  }

  // ---- declarations

  private String declaration(Ast.Statement statement) {
    return switch (statement) {
      case Ast.Equation e -> text.equation(e, " = ");
      case Ast.InputDeclaration i -> "input " + names(i.names());
      case Ast.StateDeclaration s -> "state " + text.name(s.name()) + value(s.initial());
      case Ast.OutputDeclaration o -> "output " + text.name(o.name());
      case Ast.LetDeclaration l -> "let " + text.name(l.name()) + value(Optional.of(l.value()));
      case Ast.ConstDeclaration c -> "const " + text.name(c.name()) + value(c.value());
      case Ast.InitDeclaration i -> "init " + text.name(i.name()) + initialiser(i.initialiser());
      case Ast.IndexDeclaration i -> "index " + i.letter();
      case Ast.ShapeDeclaration s -> names(s.names()) + shape(s.shape());
      case Ast.FrozenDeclaration f -> names(f.names()) + " : frozen";
      case Ast.DimDeclaration d -> "dim " + text.name(d.left()) + " = dim " + text.name(d.right());
    };
  }

  private String names(List<Ast.Name> names) {
    return names.stream().map(text::name).collect(Collectors.joining(", "));
  }

  private String value(Optional<Ast.Expression> value) {
    return value.map(v -> " = " + text.expression(v)).orElse("");
  }

  private String initialiser(Initialiser initialiser) {
    String distributed = spelling == Spelling.LATEX ? " \\sim " : " ~ ";
    return switch (initialiser) {
      case Initialiser.Constant(double value) ->
          " = " + (value < 0 ? "-" : "") + text.number(Math.abs(value));
      case Initialiser.Orthogonal() -> distributed + "orthogonal";
      case Initialiser.Glorot() -> distributed + "glorot";
      case Initialiser.Identity() -> distributed + "identity";
      case Initialiser.Uniform(double bound) -> distributed + "uniform(" + text.number(bound) + ")";
      case Initialiser.Normal(double deviation) ->
          distributed + "normal(" + text.number(deviation) + ")";
      case Initialiser.Default() -> throw new IllegalArgumentException("nothing to declare");
    };
  }

  private String shape(DeclaredShape shape) {
    return switch (shape) {
      case DeclaredShape.Diagonal() -> " : diagonal";
      case DeclaredShape.Vector() -> " : vector";
      case DeclaredShape.Matrix() -> " : matrix";
      case DeclaredShape.Blocks(int count) -> " : block-diagonal(" + count + ")";
      case DeclaredShape.Plain(Shape plain) -> in() + space(plain);
    };
  }

  private String in() {
    return switch (spelling) {
      case UNICODE -> " ∈ ℝ";
      case LATEX -> " \\in \\mathbb{R}";
      case ASCII -> " : R";
    };
  }

  private String space(Shape shape) {
    String times =
        spelling == Spelling.LATEX ? " \\times " : spelling == Spelling.ASCII ? ", " : "×";
    return switch (shape) {
      case Scalar() -> "";
      case Vector(Dim length) -> "^{" + length + "}";
      case Matrix(Dim rows, Dim columns) -> "^{" + rows + times + columns + "}";
    };
  }

  // ---- names

  /// Names that a statement declares or defines.
  private static List<Ast.Name> ofItself(Ast.Statement statement) {
    return switch (statement) {
      case Ast.Equation e -> left(e.left());
      case Ast.InputDeclaration i -> i.names();
      case Ast.StateDeclaration s -> List.of(s.name());
      case Ast.OutputDeclaration o -> List.of(o.name());
      case Ast.LetDeclaration l -> List.of(l.name());
      case Ast.ConstDeclaration c -> List.of(c.name());
      case Ast.InitDeclaration i -> List.of(i.name());
      case Ast.IndexDeclaration _ -> List.of();
      case Ast.ShapeDeclaration s -> s.names();
      case Ast.FrozenDeclaration f -> f.names();
      case Ast.DimDeclaration d -> List.of(d.left(), d.right());
    };
  }

  private static List<Ast.Name> left(Ast.Expression left) {
    return switch (left) {
      case Ast.Name n -> List.of(n);
      case Ast.Column c -> c.rows().stream().flatMap(r -> left(r).stream()).toList();
      case Ast.Apply a -> left(a.function());
      default -> List.of();
    };
  }

  /// Names of functions, which are never split.
  private static void functions(Ast.Statement statement, Set<String> names) {
    switch (statement) {
      case Ast.Equation e -> functions(e.right(), names);
      case Ast.LetDeclaration(var _, Ast.Name function, var _) ->
          names.add(function.symbol().plain());
      default -> {}
    }
  }

  private static void functions(Ast.Expression e, Set<String> names) {
    switch (e) {
      case Ast.Number _, Ast.Name _ -> {}
      case Ast.Apply a -> {
        left(a.function()).forEach(n -> names.add(n.symbol().plain()));
        a.arguments().forEach(x -> functions(x, names));
      }
      case Ast.Juxtaposition j -> j.factors().forEach(x -> functions(x, names));
      case Ast.Operation o -> {
        functions(o.left(), names);
        functions(o.right(), names);
      }
      case Ast.Negation n -> functions(n.x(), names);
      case Ast.Power p -> {
        functions(p.base(), names);
        functions(p.exponent(), names);
      }
      case Ast.Transposition t -> functions(t.x(), names);
      case Ast.Column c -> c.rows().forEach(x -> functions(x, names));
      case Ast.Concatenation c -> c.parts().forEach(x -> functions(x, names));
    }
  }

  /// A σ that is a value or bound in the file: the sigmoid must have another name then.
  private static boolean hasSigma(Ast.Statement statement) {
    return AstPrinter.print(statement).matches("(?s).*[( ]sigma[@ )].*");
  }
}
