package dev.sluice.compiler.ast;

import static dev.sluice.grammar.SluiceLexer.*;

import dev.sluice.compiler.report.Nearest;
import dev.sluice.compiler.report.Span;
import java.util.List;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.IntervalSet;

/// What the parser did not understand, in the words of a person.
final class SyntaxErrors {
  private static final List<String> KEYWORDS =
      List.of("input", "state", "output", "let", "const", "init", "index", "dim");

  private SyntaxErrors() {}

  static void report(
      RecognitionException error, List<? extends Token> statement, Problems problems) {
    Token found = error.getOffendingToken();
    IntervalSet expected = error.getExpectedTokens();
    boolean atEnd = found.getType() == Token.EOF;
    Span last = Characters.span(statement.getLast());
    Span span = atEnd ? new Span(last.end(), last.end()) : Characters.span(found);
    boolean hasRelation = statement.stream().anyMatch(t -> Kinds.RELATIONS.contains(t.getType()));
    if (!hasRelation && !Kinds.KEYWORDS.contains(statement.getFirst().getType())) {
      notAnEquation(statement, problems);
    } else if (expected.contains(WORD)) {
      Token before = before(found, statement);
      problems.error(
          atEnd ? "the equation ends too early" : "something is missing",
          span,
          "After `%s` a name, a number or a bracket is expected; found %s."
              .formatted(before.getText(), atEnd ? "the end" : quoted(found)),
          "");
    } else {
      problems.error(
          atEnd ? "the equation ends too early" : "unexpected " + quoted(found),
          span,
          "Expected %s; found %s."
              .formatted(described(expected), atEnd ? "the end" : quoted(found)),
          hint(found));
    }
  }

  private static Token before(Token found, List<? extends Token> statement) {
    int index = found.getType() == Token.EOF ? statement.size() : found.getTokenIndex();
    return statement.get(Math.max(0, index - 1));
  }

  private static void notAnEquation(List<? extends Token> statement, Problems problems) {
    Token first = statement.getFirst();
    String word = first.getText();
    String keyword = Nearest.to(word, KEYWORDS).orElse("");
    Span whole = Characters.span(first).to(Characters.span(statement.getLast()));
    problems.error(
        "not an equation",
        keyword.isEmpty() ? whole : Characters.span(first),
        "Expected `name = expression` or a declaration (input, state, output, let, const, init,"
            + " index, dim).",
        !keyword.isEmpty()
            ? "Did you mean " + keyword + "?"
            : first.getType() == NUMBER ? "A decimal point is written as one: 0.9, not 0,9." : "");
  }

  private static String described(IntervalSet expected) {
    if (expected.contains(RPAREN)) {
      return "an operator or `)`";
    }
    if (expected.contains(RBRACKET)) {
      return "an operator or `]`";
    }
    if (expected.contains(RBRACE)) {
      return "an operator or `}`";
    }
    if (expected.contains(END_MATRIX) || expected.contains(END_CASES)) {
      return "an operator or a new row";
    }
    return expected.contains(EQUALS) && !expected.contains(Token.EOF)
        ? "`=`"
        : "an operator or the end of the equation";
  }

  private static String hint(Token found) {
    return switch (found.getType()) {
      case EQUALS -> "Inside brackets write == for a comparison.";
      case TILDE -> "`~` stands in `init W ~ orthogonal` only.";
      default -> "";
    };
  }

  private static String quoted(Token token) {
    return "`" + token.getText() + "`";
  }
}
