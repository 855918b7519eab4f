package dev.sluice.compiler.ast;

import static dev.sluice.grammar.SluiceLexer.*;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.antlr.v4.runtime.Token;

/// What a file's own text says about its names before any of it is parsed. Names are spelled
/// roughly here: a Greek letter by its plain name, any other word as written.
final class Vocabulary {
  private static final Set<String> KEYWORDS = Set.of("input", "state", "output", "index");

  private final TimeIndex index;

  /// Runs that stay whole: declared, or alone on a left side.
  private final Set<String> whole = new HashSet<>();

  /// `base_label` whose label stays whole before a time: `h_prev_t = …`.
  private final Set<String> wholeLabels = new HashSet<>();

  /// `base^label` that a declaration names.
  private final Set<String> declaredSuperscripts = new HashSet<>();

  /// Names that are values: declared, defined, timed or an operand.
  private final Set<String> values = new HashSet<>();

  /// Names that stand without a time in a right side or a declaration.
  private final Set<String> untimed = new HashSet<>();

  private final Set<String> defined = new HashSet<>();

  /// Plain names of functions that the file binds.
  private final Set<String> functions;

  private Vocabulary(TimeIndex index, Set<String> functions) {
    this.index = index;
    this.functions = functions;
  }

  /// @param functions plain names of functions that the file defines or binds
  static Vocabulary of(List<Layout.Statement> statements, TimeIndex index, Set<String> functions) {
    Vocabulary vocabulary = new Vocabulary(index, Set.copyOf(functions));
    statements.forEach(s -> vocabulary.read(s.tokens()));
    return vocabulary;
  }

  String index() {
    return index.letter();
  }

  boolean isWhole(String run) {
    return whole.contains(run)
        || KnownFunctions.canonical(run).isPresent()
        || Letters.greekNames().contains(run)
        || KEYWORDS.contains(run)
        || run.equals("Δt")
        || run.equals("Δ" + index.letter());
  }

  boolean isWholeLabel(String base, String label) {
    return Letters.accent(label).isPresent()
        || label.equals("prime")
        || wholeLabels.contains(base + "_" + label);
  }

  boolean declaresSuperscript(String base, String label) {
    return declaredSuperscripts.contains(base + "^" + label);
  }

  /// Whether a name in a superscript may be an exponent: it is a value without a time elsewhere.
  boolean mayBeExponent(String word) {
    return untimed.contains(rough(word)) && !defined.contains(rough(word));
  }

  boolean isValue(String plain) {
    return values.contains(plain);
  }

  /// A function before its argument even without parentheses.
  boolean isFunction(String plain) {
    return functions.contains(plain)
        || KnownFunctions.canonical(plain).isPresent() && !values.contains(plain);
  }

  static String rough(String word) {
    String name = word.startsWith("\\") ? word.substring(1) : word;
    return Letters.greek(name).map(Letters.Greek::plain).orElse(name);
  }

  private void read(List<? extends Token> tokens) {
    boolean declares =
        Kinds.KEYWORDS.contains(Scan.type(tokens, 0)) && Kinds.startsFactor(Scan.type(tokens, 1));
    int relation = relation(tokens);
    boolean shapes = relation < tokens.size() && Scan.type(tokens, relation) != EQUALS;
    boolean inName = declares || shapes; // before a binding's own relation
    for (int i = declares ? 1 : 0; i < tokens.size(); ) {
      int type = Scan.type(tokens, i);
      if (type != WORD && type != COMMAND) {
        inName = inName && !Kinds.RELATIONS.contains(type) && type != TILDE;
        inName |= declares && type == COMMA;
        i = Scan.isScript(tokens, i) ? Scan.afterScript(tokens, i) : i + 1;
        continue;
      }
      int next = Scan.afterScripts(tokens, i + 1);
      if (next == i + 1 && isStyledAlone(tokens, i)) {
        next = Scan.afterScripts(tokens, i + 2); // `\mathbf{x}_t`
      }
      boolean isLeft = i < relation && startsLeft(tokens, i);
      word(tokens, i, next, inName, isLeft);
      boolean isTimedRole =
          inName && declares && Scan.type(tokens, 0) != CONST && Scan.type(tokens, 0) != INIT;
      if (!isTimedRole && accent(tokens, i).isEmpty()) {
        used(tokens, i, next);
      }
      i = next;
    }
  }

  private static boolean isStyledAlone(List<? extends Token> tokens, int i) {
    return Scan.type(tokens, i + 1) == RBRACE
        && Scan.type(tokens, i - 1) == LBRACE
        && Scan.type(tokens, i - 2) == FONT
        && Scan.isScript(tokens, i + 2);
  }

  private void word(List<? extends Token> tokens, int i, int next, boolean inName, boolean isLeft) {
    String accent = accent(tokens, i);
    if (!accent.isEmpty()) {
      accented(tokens, i, next, accent, inName);
    } else if (inName) {
      declared(tokens, i);
    } else if (isLeft) {
      left(tokens, i, next);
    }
  }

  /// The accent over the word at i, or nothing.
  private static String accent(List<? extends Token> tokens, int i) {
    int at = i - 1;
    while (Scan.type(tokens, at) == LBRACE || Scan.type(tokens, at) == FONT) {
      at--;
    }
    return Scan.type(tokens, at) == ACCENT ? tokens.get(at).getText().substring(1) : "";
  }

  /// `\tilde{f}` says nothing of f, and is a value when it is timed or declared.
  private void accented(
      List<? extends Token> tokens, int i, int next, String accent, boolean inName) {
    int end = next;
    while (Scan.type(tokens, end) == RBRACE) {
      end++;
    }
    boolean timed = Scan.hasTime(tokens, end, Scan.afterScripts(tokens, end), index.letter());
    if (timed || inName) {
      String name = Letters.accent(accent).orElse(accent);
      values.add(rough(tokens.get(i).getText()) + "_" + name);
    }
  }

  /// Where the last `=` is, or the first `∈` or `:`; the end without one.
  private static int relation(List<? extends Token> tokens) {
    int found = tokens.size();
    for (int i = tokens.size() - 1; i >= 0; i--) {
      int type = Scan.type(tokens, i);
      if (type == IN || type == COLON || type == EQUALS && found == tokens.size()) {
        found = i;
      }
    }
    return found;
  }

  private void declared(List<? extends Token> tokens, int i) {
    String name = tokens.get(i).getText();
    whole.add(name);
    values.add(rough(name));
    if (Scan.type(tokens, i + 2) == WORD && Scan.type(tokens, i + 1) == SUB) {
      wholeLabels.add(name + "_" + tokens.get(i + 2).getText());
    }
    if (Scan.type(tokens, i + 1) == SUP) {
      declaredSuperscripts.add(name + "^" + letters(tokens, i + 2));
    }
  }

  private static String letters(List<? extends Token> tokens, int from) {
    StringBuilder text = new StringBuilder();
    for (Token t : tokens.subList(from, Scan.afterArgument(tokens, from))) {
      text.append(t.getType() == WORD || t.getType() == COMMAND ? t.getText() : "");
    }
    return text.toString();
  }

  /// First on its side, or in a column of names.
  private static boolean startsLeft(List<? extends Token> tokens, int i) {
    return switch (Scan.type(tokens, i - 1)) {
      case Token.EOF, EQUALS -> true;
      case LPAREN, LBRACKET, BEGIN_MATRIX, SEMICOLON, ROW ->
          switch (Scan.type(tokens, 0)) {
            case LPAREN, LBRACKET, BEGIN_MATRIX -> true;
            default -> false;
          };
      default -> false;
    };
  }

  private void left(List<? extends Token> tokens, int i, int next) {
    int following = Scan.type(tokens, next);
    boolean alone =
        following == EQUALS
            || following == LPAREN
            || following == LBRACKET
            || following == SEMICOLON
            || following == ROW
            || Kinds.CLOSERS.contains(following);
    if (!alone) {
      return;
    }
    String name = tokens.get(i).getText();
    whole.add(name);
    boolean isFunction = following == LPAREN && !Scan.isTimeGroup(tokens, next, index.letter());
    if (!isFunction) {
      values.add(rough(name));
      defined.add(rough(name));
    }
    boolean labelled = Scan.type(tokens, i + 1) == SUB && Scan.type(tokens, i + 2) == WORD;
    if (labelled && Scan.isScript(tokens, i + 3)) {
      wholeLabels.add(name + "_" + tokens.get(i + 2).getText());
    }
  }

  private void used(List<? extends Token> tokens, int i, int next) {
    String name = rough(tokens.get(i).getText());
    boolean timed =
        Scan.hasTime(tokens, i + 1, next, index.letter())
            || Scan.isTimeGroup(tokens, next, index.letter())
                && KnownFunctions.canonical(name).isEmpty();
    if (timed) {
      values.add(name);
      return;
    }
    if (next > i + 1) {
      return; // another name: it has a label
    }
    boolean applied = Scan.type(tokens, next) == LPAREN;
    if (!applied) {
      untimed.add(name);
    }
    if (!Kinds.startsFactor(Scan.type(tokens, next))
        && (isArithmetic(Scan.type(tokens, next)) || isArithmetic(Scan.type(tokens, i - 1)))) {
      values.add(name);
    }
  }

  private static boolean isArithmetic(int type) {
    return switch (type) {
      case PLUS, MINUS, ELEMENTWISE, DOT, MATRIX_PRODUCT, OUTER, SLASH -> true;
      default -> false;
    };
  }
}
