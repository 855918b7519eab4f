package dev.sluice.compiler.ast;

import static dev.sluice.grammar.SluiceLexer.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;

/// Letter runs to names. A run that a script or a time follows directly gives up its last letter
/// as the next name: `V_gx_t` is `V_g x_t`; or a longer name of the file at its end: `Ugate_t` is
/// `U gate_t`. Known words, declared names and runs alone on a left side stay whole.
final class Words {
  private static final Set<String> CONDITIONAL = Set.of("if", "for", "when", "where");
  private static final Set<String> ALTERNATIVE = Set.of("otherwise", "else");

  private final List<CommonToken> in;
  private final Vocabulary vocabulary;
  private final List<CommonToken> out = new ArrayList<>();
  private int cases = 0;

  private Words(List<CommonToken> in, Vocabulary vocabulary) {
    this.in = in;
    this.vocabulary = vocabulary;
  }

  /// The tokens of a statement as the parser reads them.
  static List<CommonToken> split(List<CommonToken> tokens, Vocabulary vocabulary) {
    Words words = new Words(tokens, vocabulary);
    for (int i = 0; i < tokens.size(); ) {
      i = words.next(i);
    }
    return words.out;
  }

  private int type(int i) {
    return Scan.type(in, i);
  }

  private int next(int i) {
    CommonToken token = in.get(i);
    cases += type(i) == BEGIN_CASES ? 1 : type(i) == END_CASES ? -1 : 0;
    if (type(i) == FONT && type(i + 1) == LBRACE && type(i + 3) == RBRACE) {
      int meaning = wordMeaning(in.get(i + 2));
      if (meaning != WORD) {
        out.add(retyped(token, meaning, in.get(i + 3)));
        return i + 4;
      }
    }
    if (type(i) == COMMAND && token.getText().equals("\\Delta") && isTime(i + 1)) {
      int end = in.get(i + 1).getStopIndex() + 1;
      out.add(Characters.token(WORD, "Δ" + in.get(i + 1).getText(), token.getStartIndex(), end));
      return i + 2;
    }
    int kind = kind(i);
    if (kind == WORD) {
      word(i);
    } else {
      out.add(kind == token.getType() ? token : retyped(token, kind, token));
    }
    return i + 1;
  }

  /// `\Delta t` is one name also where the index is another letter.
  private boolean isTime(int i) {
    String text = type(i) == WORD ? in.get(i).getText() : "";
    return text.equals("t") || text.equals(vocabulary.index());
  }

  /// `\text{if}`, `\mathrm{mod}`.
  private int wordMeaning(Token word) {
    String text = word.getText();
    if (cases > 0 && CONDITIONAL.contains(text)) {
      return IF;
    }
    if (cases > 0 && ALTERNATIVE.contains(text)) {
      return OTHERWISE;
    }
    return text.equals("mod") ? MOD : WORD;
  }

  private static CommonToken retyped(Token from, int type, Token to) {
    return Characters.token(type, from.getText(), from.getStartIndex(), to.getStopIndex() + 1);
  }

  private int kind(int i) {
    int type = type(i);
    boolean afterCell = cases > 0 && (type(i - 1) == AMPERSAND || type(i - 1) == COMMA);
    return switch (type) {
      case WORD -> afterCell ? wordMeaning(in.get(i)) : WORD;
      case MOD ->
          !in.get(i).getText().equals("mod") || isOperand(i - 1) && Kinds.startsFactor(type(i + 1))
              ? MOD
              : WORD;
      default -> type;
    };
  }

  private boolean isOperand(int i) {
    int type = type(i);
    return type == WORD || type == NUMBER || type == COMMAND || Kinds.CLOSERS.contains(type);
  }

  private void word(int i) {
    CommonToken token = in.get(i);
    String run = token.getText();
    List<Letters.Cluster> clusters = Letters.clusters(run);
    boolean isLabel = type(i - 1) == SUB || type(i - 1) == SUP;
    boolean isArgument = type(i - 1) == ACCENT || type(i - 1) == FONT;
    if (clusters.size() == 1 || !isLabel && (vocabulary.isWhole(run) || isLongFunction(i))) {
      emit(token, 0, run.length());
    } else if (isArgument) {
      int first = clusters.getFirst().length();
      emit(token, 0, first);
      rest(i, first, clusters.subList(1, clusters.size()));
    } else if (isLabel) {
      boolean whole = !isFollowed(i) || vocabulary.isWholeLabel(base(i), run);
      int label = whole ? run.length() : run.length() - clusters.getLast().length();
      emit(token, 0, label);
      emit(token, label, run.length());
    } else {
      rest(i, 0, clusters);
    }
  }

  /// `hard_sigmoid`, `leaky_relu`
  private boolean isLongFunction(int i) {
    return type(i + 1) == SUB
        && type(i + 2) == WORD
        && KnownFunctions.NAMES.contains(in.get(i).getText() + "_" + in.get(i + 2).getText());
  }

  /// The word before the script that the label at i belongs to.
  private String base(int i) {
    return type(i - 2) == WORD && !out.isEmpty() && out.size() >= 2
        ? out.get(out.size() - 2).getText()
        : "";
  }

  private boolean isFollowed(int i) {
    return i + 1 < in.size()
        && in.get(i + 1).getStartIndex() == in.get(i).getStopIndex() + 1
        && (Scan.isScript(in, i + 1) || Scan.isTimeGroup(in, i + 1, vocabulary.index()));
  }

  /// The clusters of a run from an offset on: the last one by itself if a script follows, and each
  /// accented or Greek letter by itself.
  private void rest(int i, int from, List<Letters.Cluster> clusters) {
    CommonToken token = in.get(i);
    String run = token.getText();
    if (from > 0 && vocabulary.isWhole(run.substring(from))) {
      emit(token, from, run.length());
      return;
    }
    boolean followed = isFollowed(i);
    int name = followed ? nameAtEnd(run, from, clusters) : run.length();
    int pending = from;
    int at = from;
    for (int k = 0; k < clusters.size(); k++) {
      Letters.Cluster cluster = clusters.get(k);
      if (at == name) {
        break;
      }
      int end = at + cluster.length();
      boolean isLast = followed && k == clusters.size() - 1;
      if (isLast || !cluster.accents().isEmpty() || Letters.greek(cluster.base()).isPresent()) {
        emit(token, pending, at);
        emit(token, at, end);
        pending = end;
      }
      at = end;
    }
    emit(token, pending, at);
    emit(token, at, run.length());
  }

  /// Where the longest name of several letters begins that the file has and the run ends with; the
  /// end of the run without one.
  private int nameAtEnd(String run, int from, List<Letters.Cluster> clusters) {
    int at = from;
    for (int k = 0; k + 1 < clusters.size(); k++) {
      if (at > from && vocabulary.isWhole(run.substring(at))) {
        return at;
      }
      at += clusters.get(k).length();
    }
    return run.length();
  }

  private void emit(CommonToken token, int from, int to) {
    if (from == 0 && to == token.getText().length() && token.getType() == WORD) {
      out.add(token);
    } else if (from < to) {
      int start = token.getStartIndex();
      out.add(
          Characters.token(WORD, token.getText().substring(from, to), start + from, start + to));
    }
  }
}
