package dev.sluice.compiler.ast;

import static dev.sluice.grammar.SluiceLexer.*;

import java.util.Set;

/// Kinds of tokens.
final class Kinds {
  static final Set<Integer> KEYWORDS = Set.of(INPUT, STATE, OUTPUT, LET, CONST, INIT, INDEX, DIM);

  /// Operators that need something on their left: a line that begins with one continues.
  static final Set<Integer> OPERATORS =
      Set.of(
          EQUALS,
          EQUAL_TO,
          LESS,
          LESS_OR_EQUAL,
          GREATER,
          GREATER_OR_EQUAL,
          IN,
          COLON,
          PLUS,
          MINUS,
          ELEMENTWISE,
          DOT,
          MATRIX_PRODUCT,
          OUTER,
          SLASH,
          MOD,
          SUB,
          SUP);

  /// What makes a piece of text a statement.
  static final Set<Integer> RELATIONS = Set.of(EQUALS, IN, COLON);

  static final Set<Integer> OPENERS =
      Set.of(LPAREN, LBRACKET, LBRACE, LBAR, BEGIN_MATRIX, BEGIN_CASES);
  static final Set<Integer> CLOSERS = Set.of(RPAREN, RBRACKET, RBRACE, RBAR, END_MATRIX, END_CASES);

  /// What ends a statement, outside brackets.
  static final Set<Integer> SEPARATORS =
      Set.of(NEWLINE, ROW, QUAD, SEMICOLON, BEGIN_LAYOUT, END_LAYOUT);

  private Kinds() {}

  static int closer(int opener) {
    return switch (opener) {
      case LPAREN -> RPAREN;
      case LBRACKET -> RBRACKET;
      case LBRACE -> RBRACE;
      case LBAR -> RBAR;
      case BEGIN_MATRIX -> END_MATRIX;
      case BEGIN_CASES -> END_CASES;
      default -> throw new IllegalArgumentException("not an opening bracket: " + opener);
    };
  }

  /// Whether a factor can start here.
  static boolean startsFactor(int type) {
    return switch (type) {
      case WORD,
          COMMAND,
          NUMBER,
          LPAREN,
          LBRACKET,
          LBRACE,
          LBAR,
          ACCENT,
          FONT,
          FRAC,
          SQRT,
          BEGIN_MATRIX,
          BEGIN_CASES ->
          true;
      default -> false;
    };
  }
}
