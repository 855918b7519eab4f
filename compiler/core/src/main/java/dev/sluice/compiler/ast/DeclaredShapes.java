package dev.sluice.compiler.ast;

import static dev.sluice.grammar.SluiceLexer.*;

import dev.sluice.compiler.ir.Ast.DeclaredShape;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.report.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;

/// Reads `\mathbb{R}^{n \times m}`, `R^n`, `ℝ`, `diagonal`, `block-diagonal(4)`.
final class DeclaredShapes {
  /// Longest dimension that a declaration may name.
  private static final int LONGEST = 1 << 24;

  private static final Set<String> BLOCKS =
      Set.of("block-diagonal", "blockdiagonal", "block_diagonal", "blocks");

  /// Each is a product of its own.
  private static final int MOST_BLOCKS = 256;

  private static final Set<String> DIAGONAL = Set.of("diagonal", "diag");

  private final Problems problems;
  private final Span span;

  private DeclaredShapes(Problems problems, Span span) {
    this.problems = problems;
    this.span = span;
  }

  static Optional<DeclaredShape> read(List<? extends Token> tokens, Span span, Problems problems) {
    return new DeclaredShapes(problems, span).shape(expanded(tokens));
  }

  /// Small characters as ordinary tokens: `ℝⁿ` is `ℝ^{n}`.
  private static List<Token> expanded(List<? extends Token> tokens) {
    List<Token> all = new ArrayList<>();
    for (Token token : tokens) {
      if (token.getType() != SUPERSCRIPT) {
        if (token.getType() != LBRACE && token.getType() != RBRACE && token.getType() != FONT) {
          all.addAll(withTimes(token, Scan.type(all, all.size() - 1)));
        }
        continue;
      }
      all.add(Characters.token(SUP, "^", token.getStartIndex(), token.getStopIndex() + 1));
      for (char c : TimeIndex.ordinary(token.getText()).toCharArray()) {
        int type = c == '+' ? PLUS : c == 'x' ? DOT : c >= '0' && c <= '9' ? NUMBER : WORD;
        CommonToken one =
            Characters.token(
                type, c == 'x' ? "×" : "" + c, token.getStartIndex(), token.getStopIndex() + 1);
        all.add(one);
      }
    }
    return all;
  }

  /// A keyboard's `x` for ×: `n x m`, `nxm`, `5x3`.
  private static List<Token> withTimes(Token token, int before) {
    String text = token.getText();
    int start = token.getStartIndex();
    boolean afterLength = before == WORD || before == COMMAND || before == NUMBER;
    if (token.getType() != WORD) {
      return List.of(token);
    }
    if (text.equals("x") && afterLength) {
      return List.of(Characters.token(DOT, "×", start, start + 1));
    }
    boolean inside = text.matches("[a-wyz]x[a-wyz]");
    boolean behind = before == NUMBER && text.matches("x[0-9]{1,8}");
    if (!inside && !behind) {
      return List.of(token);
    }
    int x = start + (inside ? 1 : 0);
    List<Token> parts = new ArrayList<>();
    if (inside) {
      parts.add(Characters.token(WORD, text.substring(0, 1), start, x));
    }
    parts.add(Characters.token(DOT, "×", x, x + 1));
    parts.add(
        Characters.token(
            inside ? WORD : NUMBER, text.substring(x - start + 1), x + 1, start + text.length()));
    return parts;
  }

  private Optional<DeclaredShape> shape(List<Token> tokens) {
    String first = tokens.getFirst().getText();
    if (tokens.size() == 1 && first.equals("vector")) {
      return Optional.of(new DeclaredShape.Vector());
    }
    if (tokens.size() == 1 && first.equals("matrix")) {
      return Optional.of(new DeclaredShape.Matrix());
    }
    if (tokens.size() == 1 && DIAGONAL.contains(first)) {
      return Optional.of(new DeclaredShape.Diagonal());
    }
    if (isBlocks(tokens)) {
      return blocks(tokens);
    }
    if (!first.equals("R") && !first.equals("ℝ")) {
      return wrong("found `%s`.".formatted(first));
    }
    if (tokens.size() == 1) {
      return Optional.of(new DeclaredShape.Plain(Shape.SCALAR));
    }
    if (tokens.get(1).getType() != SUP || tokens.size() < 3) {
      return wrong("found `%s` after it.".formatted(tokens.get(1).getText()));
    }
    List<Token> exponent = tokens.subList(2, tokens.size());
    List<Dim> dims = new ArrayList<>();
    int from = 0;
    for (int i = 0; i <= exponent.size(); i++) {
      if (i == exponent.size() || isTimes(exponent, i)) {
        Optional<Dim> dim = dim(exponent.subList(from, i));
        if (dim.isEmpty()) {
          return Optional.empty();
        }
        dims.add(dim.get());
        from = i + 1;
      }
    }
    return switch (dims.size()) {
      case 1 -> Optional.of(new DeclaredShape.Plain(Shape.vector(dims.getFirst())));
      case 2 -> Optional.of(new DeclaredShape.Plain(Shape.matrix(dims.get(0), dims.get(1))));
      default -> wrong("found %d dimensions; a value has at most two.".formatted(dims.size()));
    };
  }

  private static boolean isBlocks(List<Token> tokens) {
    StringBuilder word = new StringBuilder();
    tokens.stream().map(Token::getText).takeWhile(t -> !t.equals("(")).forEach(word::append);
    return BLOCKS.contains(word.toString());
  }

  private Optional<DeclaredShape> blocks(List<Token> tokens) {
    List<String> numbers =
        tokens.stream().filter(t -> t.getType() == NUMBER).map(Token::getText).toList();
    if (numbers.size() != 1) {
      return wrong("found no number of blocks: write `block-diagonal(4)`.");
    }
    return length(numbers.getFirst())
        .filter(count -> count >= 1 && count <= MOST_BLOCKS)
        .<DeclaredShape>map(DeclaredShape.Blocks::new)
        .or(() -> wrong("the number of blocks lies between 1 and %d.".formatted(MOST_BLOCKS)));
  }

  /// `4·n` is one length, `n·m` are two.
  private static boolean isTimes(List<Token> tokens, int i) {
    String text = tokens.get(i).getText();
    return text.equals("×")
        || text.equals("\\times")
        || tokens.get(i).getType() == COMMA
        || tokens.get(i).getType() == DOT && Scan.type(tokens, i - 1) != NUMBER;
  }

  /// `n`, `4n`, `n + m`, `3`, `d_h`
  private Optional<Dim> dim(List<Token> tokens) {
    Dim sum = Dim.ZERO;
    int factor = 1;
    int sign = 1;
    boolean pending = false;
    boolean numbered = false;
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      switch (token.getType()) {
        case NUMBER -> {
          Optional<Integer> number = length(token.getText());
          if (number.isEmpty()) {
            return Optional.empty();
          }
          factor = sign * number.get();
          numbered = true;
        }
        case WORD, COMMAND -> {
          int before = Scan.type(tokens, i - 1);
          if (before == WORD || before == COMMAND) {
            wrong("found two lengths side by side; a matrix is n × m.");
            return Optional.empty();
          }
          StringBuilder name = new StringBuilder(Vocabulary.rough(token.getText()));
          while (Scan.type(tokens, i + 1) == SUB && i + 2 < tokens.size()) {
            name.append('_').append(Vocabulary.rough(tokens.get(i + 2).getText()));
            i += 2;
          }
          sum = sum.plus(Dim.of(name.toString()).times(numbered ? factor : sign));
          numbered = false;
          pending = true;
        }
        case PLUS, MINUS -> {
          sum = numbered ? sum.plus(Dim.of(factor)) : sum;
          numbered = false;
          sign = token.getType() == PLUS ? 1 : -1;
        }
        case DOT, LPAREN, RPAREN -> {}
        default -> {
          wrong("found `%s`.".formatted(token.getText()));
          return Optional.empty();
        }
      }
    }
    sum = numbered ? sum.plus(Dim.of(factor)) : sum;
    boolean positive = pending || sum.constant() > 0;
    if (!positive) {
      wrong("a length is a positive whole number; found `%s`.".formatted(sum));
    }
    return positive ? Optional.of(sum) : Optional.empty();
  }

  private Optional<Integer> length(String text) {
    if (text.matches("[0-9]{1,8}") && Integer.parseInt(text) <= LONGEST) {
      return Optional.of(Integer.parseInt(text));
    }
    wrong("a length is a whole number up to %d; found `%s`.".formatted(LONGEST, text));
    return Optional.empty();
  }

  private Optional<DeclaredShape> wrong(String found) {
    problems.error(
        "not a shape",
        span,
        "Expected `R`, `R^n`, `R^{n × m}`, `vector`, `matrix`, `diagonal`, `block-diagonal(4)` or"
            + " `frozen`; "
            + found,
        "");
    return Optional.empty();
  }
}
