package dev.sluice.compiler.ast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.AstPrinter;
import dev.sluice.compiler.report.Outcome;
import dev.sluice.compiler.report.Report;
import dev.sluice.compiler.report.Source;

/// Printed syntax trees and printed messages of texts.
final class Trees {
  private Trees() {}

  /// The tree of a text that must be right.
  static String tree(String text) {
    Source source = new Source("test.cell", text);
    Outcome<Ast.File> outcome = Parse.file(source);
    assertThat(Report.render(source, outcome.problems())).as(text).isEmpty();
    return AstPrinter.print(outcome.value().orElseThrow());
  }

  /// The messages about a text that must be wrong.
  static String messages(String text) {
    Source source = new Source("test.cell", text);
    Outcome<Ast.File> outcome = Parse.file(source);
    assertThat(outcome.isOk()).as(text).isFalse();
    return Report.render(source, outcome.problems());
  }
}
