package dev.sluice.compiler.ast;

import static dev.sluice.grammar.SluiceLexer.*;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;

/// What scripts of components say of a parameter whose letter does not: `w_{ij}` is a matrix, `τ_i`
/// a vector.
final class ComponentShapes {
  private final ComponentLetters letters;
  private final Set<String> known = new HashSet<>();
  private final List<Layout.Statement> declared = new ArrayList<>();

  private ComponentShapes(ComponentLetters letters) {
    this.letters = letters;
  }

  /// Declarations `w : matrix`, `τ : vector`, of names that the file does not declare.
  static List<Layout.Statement> declared(
      List<Layout.Statement> statements, ComponentLetters letters) {
    ComponentShapes shapes = new ComponentShapes(letters);
    if (letters.isEmpty()) {
      return List.of();
    }
    statements.forEach(s -> shapes.exclude(s.tokens()));
    statements.stream()
        .filter(s -> s.kind() == Layout.Kind.PLAIN && !s.isBroken())
        .forEach(s -> shapes.read(s.tokens()));
    return shapes.declared;
  }

  /// Names on a left side, and declared ones.
  private void exclude(List<? extends Token> in) {
    boolean declares = in.stream().anyMatch(t -> t.getType() == IN || t.getType() == COLON);
    for (Token token : in) {
      if (token.getType() == EQUALS) {
        return;
      }
      boolean isName = token.getType() == WORD || token.getType() == COMMAND;
      if (isName && (declares || Scan.type(in, 0) != INIT)) {
        known.add(Vocabulary.rough(token.getText()));
      }
    }
  }

  private void read(List<CommonToken> in) {
    for (int i = 0; i < in.size(); i++) {
      int type = Scan.type(in, i);
      boolean styled = Scan.type(in, i - 1) == FONT || Scan.type(in, i - 1) == ACCENT;
      boolean isScript = Scan.type(in, i - 1) == SUB || Scan.type(in, i - 1) == SUP;
      if (type != WORD && type != COMMAND && type != FONT || styled || isScript) {
        continue;
      }
      int scripts = Scan.afterArgument(in, i);
      int to = Scan.afterScripts(in, scripts);
      List<String> borne = letters.borne(in, scripts, to);
      if (!borne.isEmpty() && letters.isUntimed(in, scripts, to)) {
        declare(in, i, scripts, to, borne.size());
      }
    }
  }

  private void declare(List<CommonToken> in, int i, int scripts, int to, int letterCount) {
    Token base =
        in.subList(i, scripts).stream()
            .filter(t -> t.getType() == WORD || t.getType() == COMMAND)
            .findFirst()
            .orElse(in.get(i));
    String name = Vocabulary.rough(base.getText());
    boolean greek = Letters.greek(name).isPresent();
    boolean lower = greek || Character.isLowerCase(name.codePointAt(0));
    boolean matrix = letterCount == 2;
    boolean open = matrix ? lower : greek;
    List<CommonToken> tokens = new ArrayList<>();
    in.subList(i, scripts).forEach(t -> tokens.add(new CommonToken(t)));
    for (int at = scripts; at < to; at = Scan.afterScript(in, at)) {
      letters
          .without(in.subList(at, Scan.afterScript(in, at)))
          .forEach(t -> tokens.add(new CommonToken(t)));
    }
    StringBuilder whole = new StringBuilder();
    tokens.forEach(t -> whole.append(t.getText()));
    if (open && !known.contains(name) && !letters.isConstant(name) && known.add(whole + " ")) {
      tokens.add(PairedSigns.at(COLON, ":", base));
      tokens.add(PairedSigns.at(WORD, matrix ? "matrix" : "vector", base));
      declared.add(new Layout.Statement(tokens, false, Layout.Kind.PLAIN));
    }
  }
}
