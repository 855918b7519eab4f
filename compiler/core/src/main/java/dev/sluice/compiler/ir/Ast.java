package dev.sluice.compiler.ir;

import dev.sluice.compiler.report.Span;
import java.util.List;
import java.util.Optional;

/// The syntax tree of a cell file. The three spellings (plain, Unicode, LaTeX) have become one;
/// names are formed and time is recognised; what a product or a call means is not decided yet.
public sealed interface Ast {
  Span span();

  /// A whole file.
  record File(List<Statement> statements, Span span) implements Ast {
    public File {
      statements = List.copyOf(statements);
    }
  }

  /// One line of the file.
  sealed interface Statement extends Ast {}

  /// `left = right`. The left side is a [Name] (timed or not), a [Column] of names, or an [Apply]
  /// of a name to names (a function definition). `g = h = tanh` is two equations with the same
  /// right side.
  record Equation(Expression left, Expression right, Span span) implements Statement {}

  /// `input x, s`
  record InputDeclaration(List<Name> names, Span span) implements Statement {}

  /// `state h = 0` or `state h`
  record StateDeclaration(Name name, Optional<Expression> initial, Span span)
      implements Statement {}

  /// `output y`
  record OutputDeclaration(Name name, Span span) implements Statement {}

  /// `let φ = relu`
  record LetDeclaration(Name name, Expression value, Span span) implements Statement {}

  /// `const α = 0.9`; without a value it must be set from outside.
  record ConstDeclaration(Name name, Optional<Expression> value, Span span) implements Statement {}

  /// `init b_f = 1`, `init W ~ orthogonal`
  record InitDeclaration(Name name, Initialiser initialiser, Span span) implements Statement {}

  /// `index n`
  record IndexDeclaration(String letter, Span span) implements Statement {}

  /// `W_{ci} ∈ R^{n × n}`, `p ∈ R^n`, `α ∈ R`, `W_ci : diagonal`
  record ShapeDeclaration(List<Name> names, DeclaredShape shape, Span span) implements Statement {}

  /// `R : frozen`
  record FrozenDeclaration(List<Name> names, Span span) implements Statement {}

  /// `dim y = dim x`
  record DimDeclaration(Name left, Name right, Span span) implements Statement {}

  sealed interface DeclaredShape {
    /// Lengths as the user named them.
    record Plain(Shape shape) implements DeclaredShape {}

    record Diagonal() implements DeclaredShape {}

    /// A vector of any length.
    record Vector() implements DeclaredShape {}

    /// A matrix of any size.
    record Matrix() implements DeclaredShape {}

    /// `block-diagonal(4)`
    record Blocks(int count) implements DeclaredShape {}
  }

  /// A piece of a right side.
  sealed interface Expression extends Ast {}

  record Number(double value, Span span) implements Expression {}

  /// A name with its time.
  ///
  /// @param delay empty without a time; 0 for `x_t`, 1 for `x_{t-1}`, -1 for `h_{t+1}`
  record Name(Symbol symbol, Optional<Integer> delay, Span span) implements Expression {}

  /// A name directly before parentheses, `σ(…)`, `W_g (r ∘ h)`, `max(a, b)`, or a known function
  /// before one postfix factor, `tanh c_t`: a call or a product, which only binding can tell.
  ///
  /// A known function has one plain name however it is spelled: `σ`, `\sigma`, `sigma`, `sigmoid`
  /// are `sigmoid`, `\ln` is `log`, `\mathrm{ReLU}` is `relu`; but a name that the file uses as a
  /// value or binds (`const σ`, `let σ = tanh`, `σ_t`) keeps its own, `sigma`. `e^x` is an
  /// application of `exp`, `\sqrt{x}` of `sqrt`, `|x|` of `abs`, a cases environment of
  /// `where(condition, then, otherwise)`.
  ///
  /// @param function a [Name], or a [Column] of names (a column of functions)
  record Apply(Expression function, List<Expression> arguments, Span span) implements Expression {
    public Apply {
      arguments = List.copyOf(arguments);
    }
  }

  /// Factors side by side, at least two: `W h_{t-1}`, `f′_t c_{t-1}`, `2 x`.
  record Juxtaposition(List<Expression> factors, Span span) implements Expression {
    public Juxtaposition {
      factors = List.copyOf(factors);
    }
  }

  record Operation(Operator operator, Expression left, Expression right, Span span)
      implements Expression {}

  record Negation(Expression x, Span span) implements Expression {}

  record Power(Expression base, Expression exponent, Span span) implements Expression {}

  record Transposition(Expression x, Span span) implements Expression {}

  /// `(g_t; i_t; o_t)`, `\begin{pmatrix} … \\ … \end{pmatrix}`: one above the other.
  record Column(List<Expression> rows, Span span) implements Expression {
    public Column {
      rows = List.copyOf(rows);
    }
  }

  /// `[h_{t-1}, x_t]`
  record Concatenation(List<Expression> parts, Span span) implements Expression {
    public Concatenation {
      parts = List.copyOf(parts);
    }
  }

  /// `ELEMENTWISE` is `∘ ⊙ .* \circ \odot`; `DOT` is `· * \cdot`, whose meaning follows from the
  /// shapes; `MATRIX` is `@`.
  enum Operator {
    ADD,
    SUBTRACT,
    ELEMENTWISE,
    DOT,
    MATRIX,
    OUTER,
    DIVIDE,
    MODULO,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL,
    EQUAL
  }
}
