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
import java.util.OptionalInt;
import java.util.Set;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;

/// Repetitions written out: `for l in 1..3:` before indented equations, `… for l in 1..3` after
/// one, `\sum_{k=1}^{3}`. An index is a number in scripts (`s_{l-1,t}` is `s_{0,t}`, `h_{t-k}` is
/// `h_{t-1}`) and wherever it stands without a script. Bounds are whole numbers known before any
/// equation is read: hyperparameters, indices of the repetitions around.
final class Repetition {
  /// Values of one index.
  private static final int VALUES = 1_000;

  /// Symbols of all that is written out, and rounds that write nothing.
  private static final int TOKENS = 100_000;

  /// Repetitions inside one another.
  private static final int DEPTH = 16;

  private final Source source;
  private final Indices constants;
  private final Limits limits;
  private final Problems problems;
  private final String time;
  private final Set<String> indexed = new HashSet<>();
  private final Set<String> bounds = new HashSet<>();
  private final Map<Layout.Statement, Integer> indents = new IdentityHashMap<>();
  private final List<Layout.Statement> out = new ArrayList<>();
  private int tokens;
  private int depth;
  private boolean full;

  private Repetition(
      Source source, Indices constants, TimeIndex time, Limits limits, Problems problems) {
    this.source = source;
    this.constants = constants;
    this.time = time.letter();
    this.limits = limits;
    this.problems = problems;
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
    Repetition repetition = new Repetition(source, constants, time, limits, problems);
    repetition.all(statements, constants);
    return repetition.out.stream().map(repetition::withConstants).toList();
  }

  /// Letters that are indices of repetitions or sums.
  static Set<String> indices(List<? extends Token> tokens) {
    Set<String> indices = new HashSet<>();
    for (int i = 0; i < tokens.size(); i++) {
      int end = RepetitionHeader.after(tokens, i);
      if (end > i) {
        indices.add(tokens.get(RepetitionHeader.index(tokens, i)).getText());
      } else if (isSum(tokens, i)) {
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
    for (Token token : header.tokens()) {
      if (constants.number(token).isPresent()) {
        bounds.add(Vocabulary.rough(token.getText()));
      }
    }
    Token index = header.tokens().get(RepetitionHeader.index(header.tokens(), 0));
    Optional<RepetitionHeader> read =
        tooDeep(header.span()) || isTaken(index, known)
            ? Optional.empty()
            : RepetitionHeader.read(header.tokens(), known, VALUES, problems);
    depth++;
    for (int value : read.map(RepetitionHeader::values).orElse(List.of())) {
      if (!full) {
        tooLarge(1 + body.size(), header.span());
        all(body, known.with(read.orElseThrow().index(), value));
      }
    }
    depth--;
  }

  private boolean isTaken(Token index, Indices known) {
    boolean taken = loopNumber(index, known).isPresent();
    if (taken) {
      problems.error(
          "an index used twice",
          Characters.span(index),
          "`%s` is the index of a repetition around this one.".formatted(index.getText()),
          "Take another letter.");
    }
    return taken;
  }

  private boolean tooDeep(Span span) {
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
    List<CommonToken> written = repeated ? replaced(statement.tokens(), known) : statement.tokens();
    List<CommonToken> summed = sums(written, known, statement.span());
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

  // ---- indices

  /// Indices as numbers.
  private List<CommonToken> replaced(List<? extends Token> in, Indices known) {
    List<CommonToken> result = new ArrayList<>();
    for (int i = 0; i < in.size(); ) {
      if (isSum(in, i) && isTaken(in.get(i + 3), known)) {
        return result;
      }
      int end = script(in, i, known, result, true);
      if (end > i) {
        i = end;
        continue;
      }
      CommonToken token = (CommonToken) in.get(i);
      boolean isName =
          Scan.isScript(in, i + 1) || Scan.isTimeGroup(in, i + 1, time) || isStyled(in, i);
      int at = i++;
      result.add(
          isName
              ? token
              : loopNumber(token, known)
                  .map(n -> number(n, Characters.span(in.get(at))))
                  .orElse(token));
    }
    return result;
  }

  /// `\tilde{i}`, `\mathbf i`
  private static boolean isStyled(List<? extends Token> in, int i) {
    int at = Scan.type(in, i - 1) == LBRACE && Scan.type(in, i + 1) == RBRACE ? i - 2 : i - 1;
    return Scan.type(in, at) == ACCENT || Scan.type(in, at) == FONT;
  }

  /// The value of an index of a repetition; hyperparameters keep their names outside scripts.
  private Optional<Integer> loopNumber(Token token, Indices known) {
    return constants.number(token).isPresent() ? Optional.empty() : known.number(token);
  }

  private static CommonToken number(int value, Span span) {
    return Characters.token(NUMBER, Integer.toString(value), span.start(), span.end());
  }

  /// A script at i with its indices as numbers; the index after it, i if there is none.
  ///
  /// @param loops whether indices are those of a repetition, else those of the whole file
  private int script(
      List<? extends Token> in, int i, Indices known, List<CommonToken> result, boolean loops) {
    int type = Scan.type(in, i);
    if (type != SUB && type != SUP) {
      return i;
    }
    int end = Scan.afterArgument(in, i + 1);
    boolean braced = Scan.type(in, i + 1) == LBRACE && end > i + 3;
    int from = braced ? i + 2 : i + 1;
    int to = braced ? end - 1 : end;
    result.add((CommonToken) in.get(i));
    if (braced) {
      result.add((CommonToken) in.get(i + 1));
    }
    List<List<? extends Token>> parts = Scan.parts(in.subList(from, to));
    int at = from;
    for (List<? extends Token> part : parts) {
      if (at > from) {
        result.add((CommonToken) in.get(at - 1)); // the comma
      }
      part(part, base(in, i), type == SUB, known, result, loops);
      at += part.size() + 1;
    }
    if (braced) {
      result.add((CommonToken) in.get(end - 1));
    }
    return end;
  }

  /// The letter that the script at i belongs to.
  private static String base(List<? extends Token> in, int i) {
    int at = i - 1;
    while (at > 0 && Scan.type(in, at) == RBRACE) {
      at--;
    }
    return at >= 0 ? Vocabulary.rough(in.get(at).getText()) : "";
  }

  private void part(
      List<? extends Token> part,
      String base,
      boolean below,
      Indices known,
      List<CommonToken> result,
      boolean loops) {
    boolean grouped =
        part.size() > 2
            && Scan.type(part, 0) == LPAREN
            && Scan.afterArgument(part, 0) == part.size();
    List<? extends Token> content = grouped ? part.subList(1, part.size() - 1) : part;
    boolean delayed = Scan.type(content, 0) == WORD && content.getFirst().getText().equals(time);
    List<? extends Token> sum = delayed ? content.subList(1, content.size()) : content;
    OptionalInt value = sum.isEmpty() ? OptionalInt.empty() : known.sum(sum);
    boolean named = sum.stream().anyMatch(t -> isIndex(t, known, delayed, base, loops));
    if (value.isEmpty() || !named) {
      if (loops) {
        result.addAll(replaced(part, known));
      } else {
        part.forEach(t -> result.add((CommonToken) t));
      }
      return;
    }
    Span span = Characters.span(sum.getFirst()).to(Characters.span(sum.getLast()));
    if (grouped) {
      result.add((CommonToken) part.getFirst());
    }
    if (delayed) {
      result.add((CommonToken) content.getFirst());
      delay(value.getAsInt(), span, result);
    } else {
      index(value.getAsInt(), span, result);
      if (below && loops) {
        indexed.add(base);
      }
    }
    if (grouped) {
      result.add((CommonToken) part.getLast());
    }
  }

  /// A hyperparameter is an index where it says how far back, and behind a letter that a repetition
  /// indexes if it is the repetition's bound: `s_{L,t}`.
  private boolean isIndex(Token token, Indices known, boolean delayed, String base, boolean loops) {
    boolean isConstant = constants.number(token).isPresent();
    return known.number(token).isPresent()
        && (delayed
            || (isConstant
                ? !loops
                    && indexed.contains(base)
                    && bounds.contains(Vocabulary.rough(token.getText()))
                : loops));
  }

  private static void delay(int steps, Span span, List<CommonToken> result) {
    if (steps != 0) {
      int sign = steps < 0 ? MINUS : PLUS;
      result.add(Characters.token(sign, steps < 0 ? "-" : "+", span.start(), span.end()));
      result.add(number(Math.abs(steps), span));
    }
  }

  private void index(int value, Span span, List<CommonToken> result) {
    if (value < 0) {
      problems.error(
          "an index below 0",
          span,
          "Written out, this index is %d; indices count from 0.".formatted(value),
          "Let the repetition start later.");
    }
    result.add(number(Math.max(value, 0), span));
  }

  private Layout.Statement withConstants(Layout.Statement statement) {
    List<CommonToken> in = statement.tokens();
    List<CommonToken> result = new ArrayList<>();
    for (int i = 0; i < in.size(); ) {
      int end = script(in, i, constants, result, false);
      if (end == i) {
        result.add(in.get(i));
        end++;
      }
      i = end;
    }
    return new Layout.Statement(result, statement.isBroken(), statement.kind());
  }

  // ---- sums

  /// `\sum_{k=1}^{3} U_k h_{t-k}` as `(U_1 h_{t-1} + U_2 h_{t-2} + U_3 h_{t-3})`. A sum takes what
  /// stands up to the next + or −.
  private List<CommonToken> sums(List<CommonToken> in, Indices known, Span span) {
    int i = 0;
    while (i < in.size() && !isSum(in, i)) {
      i++;
    }
    if (i == in.size() || tooDeep(span)) {
      return in;
    }
    int lower = i + 1;
    int upper = Scan.afterScript(in, lower);
    int from = Scan.afterScript(in, upper);
    int to = endOfTerm(in, from);
    List<CommonToken> range = new ArrayList<>(in.subList(lower + 4, upper - 1)); // after `k=`
    int open = range.size();
    range.addAll(inner(in.subList(upper + 1, from)));
    Span at = Characters.span(in.get(i)).to(Characters.span(in.get(from - 1)));
    range.add(open, Characters.token(RANGE, "..", at.start(), at.end()));
    String index = in.get(lower + 2).getText();
    List<CommonToken> result = new ArrayList<>(in.subList(0, i));
    List<CommonToken> terms = new ArrayList<>();
    for (Token token : range) {
      if (constants.number(token).isPresent()) {
        bounds.add(Vocabulary.rough(token.getText()));
      }
    }
    Optional<List<Integer>> values = RepetitionHeader.values(range, known, VALUES, at, problems);
    depth++;
    for (int value : values.orElse(List.of())) {
      if (terms.size() > limits.tokens()) {
        break; // reported as too long
      }
      if (!terms.isEmpty()) {
        terms.add(Characters.token(PLUS, "+", at.start(), at.end()));
      }
      Indices inside = known.with(index, value);
      terms.addAll(sums(replaced(in.subList(from, to), inside), inside, span));
    }
    depth--;
    result.add(Characters.token(LPAREN, "(", at.start(), at.end()));
    result.addAll(terms.isEmpty() ? List.of(number(0, at)) : terms);
    result.add(Characters.token(RPAREN, ")", at.start(), at.end()));
    result.addAll(in.subList(to, in.size()));
    return result.size() > limits.tokens() ? result : sums(result, known, span);
  }

  /// `\sum_{k=1}^{…}`
  private static boolean isSum(List<? extends Token> in, int i) {
    String text = in.get(i).getText();
    return (text.equals("\\sum") || text.equals("sum"))
        && Scan.type(in, i + 1) == SUB
        && Scan.type(in, i + 2) == LBRACE
        && (Scan.type(in, i + 3) == WORD || Scan.type(in, i + 3) == COMMAND)
        && Scan.type(in, i + 4) == EQUALS
        && Scan.type(in, Scan.afterScript(in, i + 1)) == SUP
        && Scan.afterScript(in, i + 1) > i + 6;
  }

  private static List<CommonToken> inner(List<CommonToken> argument) {
    return Scan.type(argument, 0) == LBRACE ? argument.subList(1, argument.size() - 1) : argument;
  }

  private static int endOfTerm(List<? extends Token> in, int from) {
    int depth = 0;
    for (int i = from; i < in.size(); i++) {
      int type = Scan.type(in, i);
      depth += Kinds.OPENERS.contains(type) ? 1 : Kinds.CLOSERS.contains(type) ? -1 : 0;
      boolean ends =
          switch (type) {
            case PLUS, MINUS -> i > from && depth == 0 && !isArgumentSign(in, i);
            case EQUALS, EQUAL_TO, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> depth == 0;
            case COMMA, SEMICOLON, AMPERSAND, ROW -> depth == 0;
            default -> depth < 0;
          };
      if (ends) {
        return i;
      }
    }
    return in.size();
  }

  /// The sign of `x^-1`.
  private static boolean isArgumentSign(List<? extends Token> in, int i) {
    return Scan.type(in, i - 1) == SUP || Scan.type(in, i - 1) == SUB;
  }
}
