package dev.sluice.compiler.ast;

import dev.sluice.compiler.report.Span;
import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;

/// What the builders of one statement share.
///
/// @param tokens of the statement, as the parser read them
record Building(
    List<? extends Token> tokens,
    Vocabulary vocabulary,
    Names names,
    Limits limits,
    Problems problems) {

  static Span span(ParserRuleContext node) {
    return Characters.span(node.start).to(Characters.span(node.stop));
  }

  /// Reports functions or signs in front of each other beyond the limit of nesting.
  void reportDepth(Span span) {
    problems.error(
        "nested too deep",
        span,
        "Functions and signs stand at most %d in front of each other.".formatted(limits.nesting()),
        "Give an inner part a name of its own.");
  }

  List<? extends Token> tokens(ParserRuleContext node) {
    return tokens.subList(node.start.getTokenIndex(), node.stop.getTokenIndex() + 1);
  }
}
