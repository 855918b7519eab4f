package dev.sluice.compiler.ast;

import static dev.sluice.grammar.SluiceLexer.*;

import dev.sluice.compiler.report.Span;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;

/// Where a statement ends: at a newline, `\\`, `\quad` or `\qquad` outside brackets (unless the
/// line ends or the next begins with an operator), at `;`, and at a `,` that does not continue a
/// list of names. Also: what `&` and `\\` mean follows from the bracket they stand in.
final class Layout {
  /// A statement's tokens.
  ///
  /// @param isBroken whether a problem in it is reported already
  record Statement(List<CommonToken> tokens, boolean isBroken, Kind kind) {
    Span span() {
      return Characters.span(tokens.getFirst()).to(Characters.span(tokens.getLast()));
    }
  }

  enum Kind {
    PLAIN,
    /// `for l in 1..3:`, of the statements after it
    REPEATS_NEXT,
    /// `for l in 1..3` after the statement that it repeats
    REPEATS_PREVIOUS
  }

  private final List<CommonToken> tokens;
  private final TimeIndex index;
  private final Limits limits;
  private final Problems problems;
  private final Brackets brackets;
  private final List<Statement> statements = new ArrayList<>();
  private List<CommonToken> current = new ArrayList<>();
  private boolean broken;

  private Layout(List<CommonToken> tokens, TimeIndex index, Limits limits, Problems problems) {
    this.tokens = tokens;
    this.index = index;
    this.limits = limits;
    this.problems = problems;
    this.brackets = new Brackets(limits, problems);
  }

  /// The statements of a file. When brackets are nested too deep or statements are too many, the
  /// rest is given up.
  static List<Statement> statements(
      List<CommonToken> tokens, TimeIndex index, Limits limits, Problems problems) {
    Layout layout = new Layout(tokens, index, limits, problems);
    layout.run();
    return layout.statements;
  }

  private void run() {
    int i = 0;
    while (i < tokens.size() && !problems.isFull()) {
      if (statements.size() >= limits.statements()) {
        problems.error(
            "the file is too large",
            Characters.span(tokens.get(i)),
            "A cell has at most %d statements; more begin here.".formatted(limits.statements()),
            "Split the file.");
        statements.clear();
        return;
      }
      if (brackets.isTooDeep(tokens.get(i))) {
        return;
      }
      i = brackets.depth() == 0 ? outside(i) : inside(i);
    }
    if (brackets.depth() > 0) {
      reportUnclosed();
    }
    end();
  }

  /// One token outside brackets; the next to look at.
  private int outside(int i) {
    CommonToken token = tokens.get(i);
    int type = token.getType();
    int header = RepetitionHeader.after(tokens, i);
    if (header > i) {
      return repetition(i, header);
    }
    int words = Prose.after(tokens, i);
    if (words > i) {
      end();
      return words;
    }
    if (type == SEMICOLON || type == COMMA && commaEnds(i)) {
      end();
    } else if (Kinds.SEPARATORS.contains(type)) {
      int next = next(i);
      if (next < tokens.size() && continues(next)) {
        return next;
      }
      end();
      return next;
    } else if (type == BEGIN_UNKNOWN || type == END_UNKNOWN) {
      unknownEnvironment(token);
    } else if (type == TILDE && !startsWith(INIT)) {
      return i + 1; // a space that does not break
    } else if (type != AMPERSAND) {
      add(token);
    }
    return i + 1;
  }

  /// `for l in 1..3`, and `:` if it stands before what it repeats; the next token to look at.
  private int repetition(int i, int end) {
    end();
    boolean isNext = Scan.type(tokens, end) == COLON;
    Kind kind = isNext ? Kind.REPEATS_NEXT : Kind.REPEATS_PREVIOUS;
    statements.add(new Statement(tokens.subList(i, end), false, kind));
    return isNext ? end + 1 : end;
  }

  private int inside(int i) {
    CommonToken token = tokens.get(i);
    int type = token.getType();
    boolean inTable = brackets.isTable();
    if (Kinds.SEPARATORS.contains(type) && type != SEMICOLON) {
      if (!inTable && startsEquation(i + 1)) {
        reportUnclosed();
        end();
      } else if (type == ROW && inTable) {
        add(token);
      }
    } else if (type == BEGIN_UNKNOWN || type == END_UNKNOWN) {
      unknownEnvironment(token);
    } else if (type != TILDE && (type != AMPERSAND || inTable)) {
      add(token);
    }
    return i + 1;
  }

  private void add(CommonToken token) {
    if (token.getType() == BAR) {
      boolean opens = current.isEmpty() || !endsOperand(current.getLast()) || !brackets.isBar();
      token.setType(opens ? LBAR : RBAR);
    }
    broken |= !brackets.accept(token) || isTooLong(token);
    if (current.size() < limits.tokens()) {
      current.add(token);
    } else if (!broken) {
      broken = true;
      problems.error(
          "the equation is too long",
          Characters.span(token),
          "An equation has at most %d symbols; more begin here.".formatted(limits.tokens()),
          "Give a part of it a name of its own.");
    }
  }

  /// A run of letters or primes longer than any name; numbers may have more digits.
  private boolean isTooLong(Token token) {
    int length = token.getText().length();
    if (length <= limits.name() || token.getType() != WORD && token.getType() != PRIME) {
      return false;
    }
    problems.error(
        "the name is too long",
        Characters.span(token),
        "A name has at most %d characters, this one has %d.".formatted(limits.name(), length),
        "");
    return true;
  }

  static boolean endsOperand(Token token) {
    int type = token.getType();
    return type == WORD
        || type == NUMBER
        || type == COMMAND
        || type == PRIME
        || type == SUBSCRIPT
        || type == SUPERSCRIPT
        || Kinds.CLOSERS.contains(type);
  }

  private void end() {
    current = new ArrayList<>(Prose.without(current));
    if (!current.isEmpty()) {
      Prose.number(current, problems);
      keywordsToWords();
      List<CommonToken> shape = splitShape();
      statements.add(new Statement(current, broken, Kind.PLAIN));
      if (!shape.isEmpty()) {
        statements.add(new Statement(shape, broken, Kind.PLAIN));
      }
      current = new ArrayList<>();
    }
    broken = false;
  }

  /// `S_t = … ∈ ℝ^{n×m}` is an equation and a declaration, which is taken off and returned.
  private List<CommonToken> splitShape() {
    int depth = 0;
    int equals = -1;
    for (int i = 0; i < current.size(); i++) {
      int type = current.get(i).getType();
      depth += Kinds.OPENERS.contains(type) ? 1 : Kinds.CLOSERS.contains(type) ? -1 : 0;
      if (depth == 0 && type == EQUALS && equals < 0) {
        equals = i;
      } else if (depth == 0 && type == IN && equals > 0 && !startsWithKeyword()) {
        List<CommonToken> shape = new ArrayList<>();
        current.subList(0, equals).forEach(t -> shape.add(new CommonToken(t)));
        shape.addAll(current.subList(i, current.size()));
        current = new ArrayList<>(current.subList(0, i));
        return shape;
      }
    }
    return List.of();
  }

  private boolean startsWithKeyword() {
    return Kinds.KEYWORDS.contains(current.getFirst().getType());
  }

  /// Keywords that do not begin a declaration are names, and so is `if` outside cases.
  private void keywordsToWords() {
    int second = Scan.type(current, 1);
    boolean declares = Kinds.startsFactor(second) && second != LPAREN && second != LBRACKET;
    boolean isDim = declares && startsWith(DIM);
    int cases = 0;
    for (int i = 0; i < current.size(); i++) {
      boolean keeps = i == 0 ? declares : isDim && Scan.type(current, i - 1) == EQUALS;
      int type = Scan.type(current, i);
      cases += type == BEGIN_CASES ? 1 : type == END_CASES ? -1 : 0;
      boolean conditional = (type == IF || type == OTHERWISE) && cases == 0;
      if (conditional || Kinds.KEYWORDS.contains(type) && !keeps) {
        current.get(i).setType(WORD);
      }
    }
  }

  private boolean startsWith(int type) {
    return !current.isEmpty() && current.getFirst().getType() == type;
  }

  /// The first token after the separators from here on.
  private int next(int i) {
    while (i < tokens.size()
        && (tokens.get(i).getType() == AMPERSAND
            || Kinds.SEPARATORS.contains(tokens.get(i).getType())
                && tokens.get(i).getType() != SEMICOLON)) {
      i++;
    }
    return i;
  }

  /// Whether the statement goes on at `next`, in a new line.
  private boolean continues(int next) {
    if (current.isEmpty()) {
      return false;
    }
    int following = tokens.get(next).getType();
    if (Kinds.OPERATORS.contains(following) || following == TILDE && startsWith(INIT)) {
      return true;
    }
    return endsWithOperator() && !segment(next).hasRelation;
  }

  /// `[x]_+` ends with a script.
  private boolean endsWithOperator() {
    int before = Scan.type(current, current.size() - 2);
    return Kinds.OPERATORS.contains(current.getLast().getType()) && before != SUB && before != SUP;
  }

  /// The text up to the next separator or comma.
  private record Segment(
      boolean isKeyword, boolean hasRelation, boolean isShape, boolean isTimed) {}

  private Segment segment(int from) {
    int depth = 0;
    boolean timed = false;
    for (int i = from; i < tokens.size(); i++) {
      int type = tokens.get(i).getType();
      if (Kinds.OPENERS.contains(type)) {
        depth++;
      } else if (Kinds.CLOSERS.contains(type)) {
        depth--;
      } else if (depth <= 0 && (type == COMMA || Kinds.SEPARATORS.contains(type))
          || type == NEWLINE) {
        break;
      } else if (depth <= 0 && Kinds.RELATIONS.contains(type)) {
        return new Segment(startsKeyword(from), true, type != EQUALS, timed);
      }
      timed |= depth < 0 || isIndex(tokens.get(i));
    }
    return new Segment(startsKeyword(from), false, false, timed);
  }

  private boolean startsKeyword(int i) {
    return i + 1 < tokens.size()
        && Kinds.KEYWORDS.contains(tokens.get(i).getType())
        && Kinds.startsFactor(tokens.get(i + 1).getType());
  }

  private boolean isIndex(Token token) {
    return token.getType() == SUBSCRIPT
        ? TimeIndex.ordinary(token.getText()).contains(index.letter())
        : token.getText().equals(index.letter());
  }

  /// `input x, s` goes on at its comma, `W, U ∈ ℝ^{n×n}` too; `h_t = …, c_t = …` does not.
  private boolean commaEnds(int comma) {
    Segment after = segment(comma + 1);
    if (current.isEmpty() || after.isKeyword) {
      return true;
    }
    int first = current.getFirst().getType();
    if (Kinds.KEYWORDS.contains(first) && current.size() > 1) {
      boolean onlyNames = first == INPUT || first == OUTPUT || first == INDEX || first == DIM;
      boolean shaped = onlyNames && after.isShape; // `input x, δ ∈ ℝ`
      return after.hasRelation && !shaped && (onlyNames || after.isTimed);
    }
    return current.stream().anyMatch(t -> Kinds.RELATIONS.contains(t.getType()));
  }

  /// Whether, although a bracket is open, a new equation starts here: then the bracket lacks its
  /// end.
  private boolean startsEquation(int i) {
    if (i >= tokens.size() || current.isEmpty()) {
      return false;
    }
    boolean starts = Kinds.startsFactor(tokens.get(i).getType()) || startsKeyword(i);
    return starts
        && !Kinds.OPERATORS.contains(current.getLast().getType())
        && current.getLast().getType() != COMMA
        && segment(i).hasRelation;
  }

  private void reportUnclosed() {
    broken = true;
    brackets.reportUnclosed();
  }

  private void unknownEnvironment(Token token) {
    broken = true;
    boolean begins = token.getType() == BEGIN_UNKNOWN;
    if (begins) {
      problems.error(
          "unknown environment",
          Characters.span(token),
          "`%s` has no meaning in a cell.".formatted(token.getText()),
          "Known are aligned, align, equation, gather, split, pmatrix, bmatrix, matrix, cases.");
    }
  }
}
