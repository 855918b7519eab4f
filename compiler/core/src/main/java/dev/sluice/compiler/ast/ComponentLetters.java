package dev.sluice.compiler.ast;

import static dev.sluice.grammar.SluiceLexer.*;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;

/// The letters that count components in a file. A letter that a sum without a range of numbers
/// counts by and that a name in its term bears; a letter beside it, `W_{ij}`; a letter in its place
/// on the same name, `\exp(a_i) / \sum_j \exp(a_j)`; and a letter on a bracket and on the left
/// side, `z_t^j = σ(…)^j`. Never the letter of time, an index of a repetition, a hyperparameter,
/// or a letter that is a name elsewhere.
final class ComponentLetters {
  private final Set<String> excluded = new HashSet<>();
  private final Set<String> letters = new HashSet<>();
  private final Indices constants;
  private final String index;

  private ComponentLetters(Indices constants, String index) {
    this.index = index;
    this.constants = constants;
  }

  static ComponentLetters of(
      List<Layout.Statement> statements, TimeIndex index, Indices constants) {
    ComponentLetters found = new ComponentLetters(constants, index.letter());
    found.excluded.add(index.letter());
    found.excluded.addAll(constants.numbers().keySet());
    found.excluded.addAll(constants.open());
    for (Layout.Statement s : statements) {
      if (s.kind() != Layout.Kind.PLAIN) {
        found.excluded.addAll(Repetition.indices(s.tokens()));
      }
      found.exclude(s.tokens());
    }
    statements.forEach(s -> found.summed(s.tokens()));
    statements.forEach(s -> found.free(s.tokens()));
    statements.forEach(s -> found.onBrackets(s.tokens()));
    return found;
  }

  /// Letters that are names: outside scripts.
  private void exclude(List<? extends Token> in) {
    for (int i = 0; i < in.size(); ) {
      if (Scan.type(in, i) == SUB || Scan.type(in, i) == SUP) {
        i = Scan.afterScript(in, i);
        continue;
      }
      if (Scan.type(in, i) == WORD && in.get(i).getText().length() == 1) {
        excluded.add(in.get(i).getText());
      }
      i++;
    }
  }

  private boolean mayCount(String letter) {
    return letter.length() == 1
        && letter.charAt(0) >= 'a'
        && letter.charAt(0) <= 'z'
        && !excluded.contains(letter);
  }

  private void summed(List<CommonToken> in) {
    for (int i = 0; i < in.size(); i++) {
      ComponentSum.at(in, i)
          .filter(s -> mayCount(s.letter()) && !isNumber(s.upper()))
          .filter(s -> bears(in.subList(s.from(), s.to()), s.letter()))
          .ifPresent(s -> letters.add(s.letter()));
    }
  }

  private boolean isNumber(List<? extends Token> upper) {
    return !upper.isEmpty()
        && upper.stream()
            .filter(t -> t.getType() != LBRACE && t.getType() != RBRACE)
            .allMatch(
                t -> t.getType() == NUMBER || excluded.contains(Vocabulary.rough(t.getText())));
  }

  /// Whether a script in a term is the letter, alone or beside one other; but `U_k` is the k-th
  /// matrix.
  private boolean bears(List<? extends Token> term, String letter) {
    boolean bears = false;
    for (int i = 1; i < term.size(); i++) {
      if (Scan.isScript(term, i)) {
        int to = Scan.afterScripts(term, i);
        List<String> parts = parts(term.subList(i, Scan.afterScript(term, i)));
        String name = term.get(i - 1).getText();
        boolean ofMatrices =
            parts.equals(List.of(letter))
                && Character.isUpperCase(name.codePointAt(0))
                && isUntimed(term, i, to);
        if (ofMatrices) {
          return false;
        }
        bears |= parts.stream().anyMatch(p -> p.length() <= 2 && p.contains(letter));
      }
    }
    return bears;
  }

  /// Whether a script in a term has the letter beside one that counts no components.
  boolean isMixed(List<? extends Token> term, String letter) {
    for (int i = 1; i < term.size() && !letter.isEmpty(); i++) {
      if (Scan.isScript(term, i)) {
        List<String> parts = parts(term.subList(i, Scan.afterScript(term, i)));
        boolean mixed =
            parts.stream().anyMatch(p -> p.length() == 2 && p.contains(letter) && !isCount(p));
        boolean beside =
            parts.contains(letter)
                && parts.stream().anyMatch(p -> !p.equals(index) && !isCount(p) && mayBe(p));
        if (mixed || beside) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean mayBe(String part) {
    return part.length() == 1 && part.charAt(0) >= 'a' && part.charAt(0) <= 'z';
  }

  private void free(List<CommonToken> in) {
    for (int i = 0; i < in.size(); i++) {
      ComponentSum.at(in, i)
          .filter(this::isSummed)
          .ifPresent(s -> free(in, in.subList(s.from(), s.to()), s.letter()));
    }
  }

  private void free(List<CommonToken> in, List<CommonToken> term, String letter) {
    Set<String> bearers = new HashSet<>();
    for (int i = 1; i < term.size(); i++) {
      if (!Scan.isScript(term, i)) {
        continue;
      }
      List<String> parts = parts(term.subList(i, Scan.afterScript(term, i)));
      String together = String.join("", parts);
      boolean single = parts.stream().allMatch(p -> p.length() == 1);
      parts = parts.stream().filter(p -> !p.equals(index)).toList();
      if (parts.contains(letter)) {
        bearers.add(term.get(i - 1).getText());
      }
      boolean pair = together.length() == 2 && (single || parts.size() == 1);
      if (pair && together.contains(letter)) {
        String other = together.replace(letter, "");
        if (mayCount(other)) {
          letters.add(other);
        }
      }
    }
    for (int i = 1; i < in.size(); i++) {
      if (Scan.type(in, i) == SUB && bearers.contains(in.get(i - 1).getText())) {
        List<String> parts =
            parts(in.subList(i, Scan.afterScript(in, i))).stream()
                .filter(p -> !p.equals(index))
                .toList();
        if (parts.size() == 1 && mayCount(parts.getFirst())) {
          letters.add(parts.getFirst());
        }
      }
    }
  }

  private void onBrackets(List<CommonToken> in) {
    int relation = 0;
    while (relation < in.size() && Scan.type(in, relation) != EQUALS) {
      relation++;
    }
    List<CommonToken> left = in.subList(0, relation);
    for (int i = relation; i < in.size(); i++) {
      boolean onBracket = Scan.type(in, i - 1) == RPAREN || Scan.type(in, i - 1) == RBRACKET;
      if (onBracket && Scan.isScript(in, i)) {
        List<String> parts = parts(in.subList(i, Scan.afterScript(in, i)));
        if (parts.size() == 1 && mayCount(parts.getFirst()) && bears(left, parts.getFirst())) {
          letters.add(parts.getFirst());
        }
      }
    }
  }

  // ---- scripts

  /// What the commas of a script part, as text: `_{i,j}` is i and j, `_{ij}` is ij.
  private static List<String> parts(List<? extends Token> script) {
    int type = Scan.type(script, 0);
    if (type == PRIME) {
      return List.of();
    }
    if (type == SUBSCRIPT || type == SUPERSCRIPT) {
      return List.of(TimeIndex.ordinary(script.getFirst().getText()));
    }
    List<? extends Token> argument = script.subList(1, script.size());
    boolean braced = Scan.type(argument, 0) == LBRACE;
    List<? extends Token> content = braced ? argument.subList(1, argument.size() - 1) : argument;
    return Scan.parts(content).stream().map(ComponentLetters::text).toList();
  }

  private static String text(List<? extends Token> part) {
    StringBuilder text = new StringBuilder();
    part.forEach(t -> text.append(t.getText()));
    return text.toString();
  }

  boolean isSummed(ComponentSum sum) {
    return sum.letter().isEmpty() || letters.contains(sum.letter()) && !isNumber(sum.upper());
  }

  /// The letters of components that a name's scripts have, in order.
  List<String> borne(List<? extends Token> in, int scripts, int to) {
    List<String> borne = new ArrayList<>();
    for (int i = scripts; i < to; i = Scan.afterScript(in, i)) {
      for (String part : parts(in.subList(i, Scan.afterScript(in, i)))) {
        if (isCount(part)) {
          part.chars().forEach(c -> borne.add(Character.toString(c)));
        }
      }
    }
    return borne;
  }

  /// `i`, `ij`
  private boolean isCount(String part) {
    return !part.isEmpty()
        && part.length() <= 2
        && part.chars().allMatch(c -> letters.contains(Character.toString(c)));
  }

  /// Whether a script in a term has the letter as a component.
  boolean isBorne(List<? extends Token> term, String letter) {
    for (int i = 1; i < term.size(); i++) {
      if (Scan.isScript(term, i) && borne(term, i, Scan.afterScript(term, i)).contains(letter)) {
        return true;
      }
    }
    return false;
  }

  boolean isMatrix(List<? extends Token> in, ComponentFactor f, String letter) {
    List<String> borne = borne(in, f.scripts(), f.to());
    return borne.size() == 2 && borne.contains(letter) && !letter.isEmpty();
  }

  /// Whether the letter of the sum is the first of a matrix: `W_{ji}`.
  boolean columnFirst(List<? extends Token> in, ComponentFactor f, String letter) {
    return borne(in, f.scripts(), f.to()).getFirst().equals(letter);
  }

  /// A script without the letters of components; nothing when it had only these.
  List<CommonToken> without(List<CommonToken> script) {
    int type = Scan.type(script, 0);
    List<String> texts = parts(script);
    if (texts.stream().noneMatch(this::isCount)) {
      return script;
    }
    if (type != SUB && type != SUP || texts.stream().allMatch(this::isCount)) {
      return List.of();
    }
    List<CommonToken> kept = new ArrayList<>(script.subList(0, 2));
    int at = 2;
    for (String text : texts) {
      int length = Scan.parts(script.subList(at, script.size() - 1)).getFirst().size();
      if (!isCount(text)) {
        if (kept.size() > 2) {
          kept.add(PairedSigns.at(COMMA, ",", script.getFirst()));
        }
        kept.addAll(script.subList(at, at + length));
      }
      at += length + 1;
    }
    kept.add(script.getLast());
    return kept;
  }

  /// Whether no time belongs to a name.
  boolean isUntimed(List<? extends Token> in, int scripts, int to) {
    return !Scan.hasTime(in, scripts, to, index) && !Scan.isTimeGroup(in, to, index);
  }

  /// The letter of time.
  String index() {
    return index;
  }

  boolean isConstant(String name) {
    return constants.numbers().containsKey(name) || constants.open().contains(name);
  }

  boolean isEmpty() {
    return letters.isEmpty();
  }
}
