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

  List<? extends Token> tokens(ParserRuleContext node) {
    return tokens.subList(node.start.getTokenIndex(), node.stop.getTokenIndex() + 1);
  }
}
