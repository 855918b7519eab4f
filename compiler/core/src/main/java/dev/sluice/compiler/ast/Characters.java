package dev.sluice.compiler.ast;

import dev.sluice.compiler.report.Source;
import dev.sluice.compiler.report.Span;
import dev.sluice.grammar.SluiceLexer;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;

/// Characters to tokens. Token offsets are UTF-16 units of the source, as spans are (ANTLR counts
/// code points).
final class Characters {
  private static final List<String> AFTER_SENTENCE =
      List.of(
          "\n", "\r", "$", "&", "%", "#", "\\\\", "\\end", "\\]", "\\)", "\\quad", "\\tag",
          "\\label");

  private Characters() {}

  /// All tokens, without the end of the file. Characters that no equation has are reported, one
  /// problem for neighbours, and left out.
  static List<CommonToken> tokens(Source source, Problems problems) {
    SluiceLexer lexer = new SluiceLexer(CharStreams.fromString(withoutLoneSurrogates(source)));
    lexer.removeErrorListeners();
    Offsets offsets = new Offsets(source.text());
    List<CommonToken> tokens = new ArrayList<>();
    int unknownFrom = -1;
    int unknownTo = -1;
    for (Token t = lexer.nextToken(); t.getType() != Token.EOF; t = lexer.nextToken()) {
      if (problems.isFull()) {
        return tokens;
      }
      int start = offsets.of(t.getStartIndex());
      int end = offsets.of(t.getStopIndex() + 1);
      if (t.getType() == SluiceLexer.UNKNOWN && isEndOfSentence(source.text(), start)) {
        continue;
      }
      if (t.getType() != SluiceLexer.UNKNOWN) {
        tokens.add(token(t.getType(), source.text().substring(start, end), start, end));
      } else if (start == unknownTo) {
        unknownTo = end;
      } else {
        unknown(source, unknownFrom, unknownTo, problems);
        unknownFrom = start;
        unknownTo = end;
      }
    }
    unknown(source, unknownFrom, unknownTo, problems);
    return tokens;
  }

  /// A token of this text at this place.
  static CommonToken token(int type, String text, int start, int end) {
    CommonToken token = new CommonToken(type, text);
    token.setStartIndex(start);
    token.setStopIndex(end - 1);
    return token;
  }

  static Span span(Token token) {
    return new Span(token.getStartIndex(), token.getStopIndex() + 1);
  }

  private static void unknown(Source source, int from, int to, Problems problems) {
    if (from < 0) {
      return;
    }
    if (UnknownSigns.isPointInName(source.text(), from)) {
      UnknownSigns.reportPoint(source.text(), from, problems);
      return;
    }
    int character = source.text().codePointAt(from);
    String name =
        Character.getType(character) == Character.SURROGATE
            ? "Half of a character"
            : Character.isISOControl(character)
                ? "A control character"
                : "`" + Character.toString(character) + "`";
    problems.error(
        "unexpected character",
        new Span(from, to),
        "%s (U+%04X) has no meaning in an equation.".formatted(name, character),
        character == '\\'
            ? "A LaTeX command has a name: \\sigma."
            : UnknownSigns.help(Character.toString(character)).orElse("Remove it."));
  }

  /// A period after an equation, as papers print it: nothing but spaces follows in its line.
  private static boolean isEndOfSentence(String text, int at) {
    if (text.charAt(at) != '.') {
      return false;
    }
    int next = at + 1;
    while (next < text.length() && (text.charAt(next) == ' ' || text.charAt(next) == '\t')) {
      next++;
    }
    return next == text.length()
        || AFTER_SENTENCE.stream().anyMatch(text.substring(next, end(text, next))::startsWith);
  }

  private static int end(String text, int from) {
    return Math.min(text.length(), from + 6);
  }

  /// Same length; each half of a broken pair becomes U+FFFD, which is no character of an equation.
  private static String withoutLoneSurrogates(Source source) {
    String text = source.text();
    StringBuilder clean = new StringBuilder(text);
    for (int i = 0; i < text.length(); i++) {
      if (Character.isHighSurrogate(text.charAt(i))
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(text.charAt(i))) {
        clean.setCharAt(i, '\uFFFD');
      }
    }
    return clean.toString();
  }

  /// UTF-16 offsets of code points, asked for in ascending order.
  private static final class Offsets {
    private final String text;
    private int codePoint = 0;
    private int offset = 0;

    Offsets(String text) {
      this.text = text;
    }

    int of(int index) {
      offset = text.offsetByCodePoints(offset, index - codePoint);
      codePoint = index;
      return offset;
    }
  }
}
