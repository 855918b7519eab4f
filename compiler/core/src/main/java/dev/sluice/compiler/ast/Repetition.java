package dev.sluice.compiler.ast;

import static dev.sluice.grammar.SluiceLexer.*;

import dev.sluice.compiler.report.Source;
import dev.sluice.compiler.report.Span;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;

/// Repetitions written out: `for l in 1..3:` before indented equations, `… for l in 1..3` after
/// one, `\sum_{k=1}^{3}`. Bounds are whole numbers known before any equation is read:
/// hyperparameters, indices of the repetitions around.
final class Repetition {
  /// Symbols of all that is written out, and rounds that write nothing.
  private static final int TOKENS = 100_000;

  /// Repetitions inside one another.
  private static final int DEPTH = 16;

  private final Source source;
  private final Indices constants;
  private final Limits limits;
  private final Problems problems;
  private final IndexTokens indices;
  private final Sums sums;
  private final Map<Layout.Statement, Integer> indents = new IdentityHashMap<>();
  private final List<Layout.Statement> out = new ArrayList<>();
  private int tokens;
  private int depth;
  private boolean full;

  private Repetition(
      Source source, Indices constants, TimeIndex time, Limits limits, Problems problems) {
    this.source = source;
    this.constants = constants;
    this.limits = limits;
    this.problems = problems;
    this.indices = new IndexTokens(constants, time, problems);
    this.sums = new Sums(indices, limits, problems);
  }

  /// @param settings values of hyperparameters by plain name, over those of the file
  static List<Layout.Statement> writtenOut(
      List<Layout.Statement> statements,
      Source source,
      Map<String, Double> settings,
      TimeIndex time,
      Limits limits,
      Problems problems) {
    Indices constants = Indices.of(statements, settings);
    List<Layout.Statement> ofVectors = Components.read(statements, time, constants, problems);
    Repetition repetition = new Repetition(source, constants, time, limits, problems);
    repetition.all(ofVectors, constants);
    return repetition.out.stream().map(repetition.indices::withConstants).toList();
  }

  /// Letters that are indices of repetitions or sums.
  static Set<String> indices(List<? extends Token> tokens) {
    Set<String> indices = new HashSet<>();
    for (int i = 0; i < tokens.size(); i++) {
      int end = RepetitionHeader.after(tokens, i);
      if (end > i) {
        indices.add(tokens.get(RepetitionHeader.index(tokens, i)).getText());
      } else if (Sums.isSum(tokens, i)) {
        indices.add(tokens.get(i + 3).getText());
      }
    }
    return indices;
  }

  // ---- statements

  private void all(List<Layout.Statement> statements, Indices known) {
    for (int i = 0; i < statements.size() && !full; i++) {
      Layout.Statement statement = statements.get(i);
      int next = i + 1;
      boolean repeated =
          next < statements.size()
              && statements.get(next).kind() == Layout.Kind.REPEATS_PREVIOUS
              && statement.kind() == Layout.Kind.PLAIN;
      switch (statement.kind()) {
        case PLAIN -> {
          if (repeated) {
            repeat(statements.get(next), List.of(statement), known);
            i = next;
          } else {
            plain(statement, known);
          }
        }
        case REPEATS_NEXT -> {
          int end = endOfBody(statements, i);
          if (end == next) {
            repeatsNothing(statement, "Indent the equations that it repeats.");
          }
          repeat(statement, statements.subList(next, end), known);
          i = end - 1;
        }
        case REPEATS_PREVIOUS ->
            repeatsNothing(statement, "Write `:` after it if it repeats what follows.");
      }
    }
  }

  private void repeatsNothing(Layout.Statement header, String help) {
    problems.error(
        "a repetition of nothing", header.span(), "No equation belongs to this `for`.", help);
  }

  /// What stands in the same line; else what is indented more.
  private int endOfBody(List<Layout.Statement> statements, int header) {
    int indent = indent(statements.get(header));
    int end = header + 1;
    while (end < statements.size() && isSameLine(statements.get(end - 1), statements.get(end))) {
      end++;
    }
    if (end > header + 1) {
      return end;
    }
    while (end < statements.size() && indent(statements.get(end)) > indent) {
      end++;
    }
    return end;
  }

  private boolean isSameLine(Layout.Statement before, Layout.Statement after) {
    String between = source.text().substring(before.span().end(), after.span().start());
    return between.indexOf('\n') < 0;
  }

  private int indent(Layout.Statement statement) {
    return indents.computeIfAbsent(
        statement,
        s -> {
          String line = source.lineText(s.span().start());
          return line.length() - line.stripLeading().length();
        });
  }

  private void repeat(Layout.Statement header, List<Layout.Statement> body, Indices known) {
    indices.boundedBy(header.tokens());
    Token index = header.tokens().get(RepetitionHeader.index(header.tokens(), 0));
    Optional<RepetitionHeader> read =
        isTooDeep(depth, header.span(), problems) || indices.isTaken(index, known)
            ? Optional.empty()
            : RepetitionHeader.read(header.tokens(), known, problems);
    depth++;
    for (int value : read.map(RepetitionHeader::values).orElse(List.of())) {
      if (!full) {
        tooLarge(1 + body.size(), header.span());
        all(body, known.with(read.orElseThrow().index(), value));
      }
    }
    depth--;
  }

  /// Whether one more repetition or sum inside others is too much, which is reported.
  static boolean isTooDeep(int depth, Span span, Problems problems) {
    if (depth >= DEPTH) {
      problems.error(
          "nested too deep",
          span,
          "Repetitions stand inside one another up to %d deep.".formatted(DEPTH),
          "");
    }
    return depth >= DEPTH;
  }

  /// Counts what is written out; reports and gives up what is too much.
  private void tooLarge(int more, Span span) {
    tokens += more;
    full |= tokens > TOKENS || out.size() >= limits.statements();
    if (full) {
      problems.error(
          "the file is too large",
          span,
          "Written out, its repetitions have more than %d equations or %d symbols."
              .formatted(limits.statements(), TOKENS),
          "");
    }
  }

  private void plain(Layout.Statement statement, Indices known) {
    boolean repeated = known != constants;
    List<CommonToken> written =
        repeated ? indices.replaced(statement.tokens(), known) : statement.tokens();
    List<CommonToken> summed = sums.writtenOut(written, known, statement.span());
    boolean tooLong = summed.size() > limits.tokens();
    if (tooLong && !statement.isBroken()) {
      problems.error(
          "the equation is too long",
          statement.span(),
          "An equation has at most %d symbols; written out, this one has %d."
              .formatted(limits.tokens(), summed.size()),
          "Give a part of it a name of its own.");
    }
    tooLarge(repeated || summed != written ? summed.size() : 0, statement.span());
    if (full) {
      return;
    }
    // The parser numbers tokens, so that none may stand twice.
    List<CommonToken> own = summed.stream().map(CommonToken::new).toList();
    out.add(new Layout.Statement(own, statement.isBroken() || tooLong, Layout.Kind.PLAIN));
  }
}
