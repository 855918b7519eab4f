package dev.sluice.compiler.ir;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One line of the textual form, cut into tokens, with what every part of it uses: names, numbers,
/// lengths, shapes.
final class IrTokens {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:(\"[^\"]*\")|([A-Za-z_][A-Za-z0-9_]*)|(\\d+\\.\\d+(?:E-?\\d+)?|\\d+)|(\\[t[+-]\\d+\\])|(\\+=|.))");

  private final String line;
  private final int number;
  private final List<String> tokens = new ArrayList<>();
  private int next;

  /// @param number of the line, from 1, for messages
  IrTokens(String line, int number) {
    this.line = line;
    this.number = number;
    Matcher matcher = TOKEN.matcher(line.strip());
    while (matcher.lookingAt()) {
      tokens.add(matcher.group().strip());
      matcher.region(matcher.end(), line.strip().length());
    }
  }

  boolean atEnd() {
    return next == tokens.size();
  }

  /// The token `ahead` of the next, or an empty text past the end.
  String peek(int ahead) {
    return next + ahead < tokens.size() ? tokens.get(next + ahead) : "";
  }

  String take() {
    if (atEnd()) {
      throw error("the line ends too early");
    }
    return tokens.get(next++);
  }

  boolean accept(String token) {
    if (!peek(0).equals(token)) {
      return false;
    }
    next++;
    return true;
  }

  void expect(String token) {
    if (!accept(token)) {
      throw error("expected '" + token + "', found '" + peek(0) + "'");
    }
  }

  void expectEnd() {
    if (!atEnd()) {
      throw error("unexpected '" + peek(0) + "'");
    }
  }

  /// The line after its first word, as it stands.
  String rest() {
    next = tokens.size();
    return line.strip().substring(tokens.getFirst().length()).strip();
  }

  String name() {
    String token = take();
    if (!Character.isLetter(token.charAt(0))) {
      throw error("expected a name, found '" + token + "'");
    }
    return token;
  }

  boolean startsNumber() {
    return Character.isDigit(first(0)) || first(0) == '-' && Character.isDigit(first(1));
  }

  private char first(int ahead) {
    String token = peek(ahead);
    return token.isEmpty() ? ' ' : token.charAt(0);
  }

  /// `0.5`, `-1.0E-4`, `literal(NaN)`
  double real() {
    if (accept("literal")) {
      expect("(");
      String sign = accept("-") ? "-" : "";
      double value = Double.parseDouble(sign + name());
      expect(")");
      return value;
    }
    if (!startsNumber()) {
      throw error("expected a number, found '" + peek(0) + "'");
    }
    String sign = accept("-") ? "-" : "";
    return Double.parseDouble(sign + take());
  }

  /// `scalar`, `[n]`, `[4n, n + m]`
  Shape shape() {
    if (accept("scalar")) {
      return Shape.SCALAR;
    }
    expect("[");
    Dim rows = dim();
    Shape shape = accept(",") ? Shape.matrix(rows, dim()) : Shape.vector(rows);
    expect("]");
    return shape;
  }

  /// `n`, `4n + m`, `n + -1`
  Dim dim() {
    Dim sum = dimTerm();
    while (accept("+")) {
      sum = sum.plus(dimTerm());
    }
    return sum;
  }

  private Dim dimTerm() {
    int sign = accept("-") ? -1 : 1;
    if (!Character.isDigit(first(0))) {
      return Dim.of(name()).times(sign);
    }
    int factor = sign * whole(take());
    if (!Character.isLetter(first(0))) {
      return Dim.of(factor);
    }
    return new Dim(new TreeMap<>(Map.of(name(), factor)), 0);
  }

  int whole(String digits) {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      throw error("expected a whole number, found '" + digits + "'");
    }
  }

  IllegalArgumentException error(String what) {
    return new IllegalArgumentException("line %d: %s: %s".formatted(number, what, line.strip()));
  }
}
