package dev.sluice.compiler.ast;

import static dev.sluice.grammar.SluiceLexer.*;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.report.Nearest;
import dev.sluice.compiler.report.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.Token;

/// Spells the names of one file. A known function has one name however it is spelled: `σ`,
/// `\sigma`, `sigma`, `sigmoid` are all `sigmoid`, `\ln` is `log`. A name that the file uses as a
/// value (declared, defined, timed, an operand) is never a function: then `σ` is `sigma`.
final class Names {
  private record Known(String key, String display, Span span) {}

  private final Vocabulary vocabulary;
  private final Limits limits;
  private final Problems problems;
  private final Map<String, Known> known = new HashMap<>();
  private final Set<String> clashes = new HashSet<>();

  Names(Vocabulary vocabulary, Limits limits, Problems problems) {
    this.vocabulary = vocabulary;
    this.limits = limits;
    this.problems = problems;
  }

  /// The finished name. Two names with one plain spelling are reported.
  Ast.Name name(NameParts parts) {
    String plain = parts.plain();
    if (plain.length() > limits.name()) {
      problems.error(
          "the name is too long",
          parts.span(),
          "A name has at most %d characters, this one has %d."
              .formatted(limits.name(), plain.length()),
          "");
      plain = plain.substring(0, limits.name());
    }
    Optional<String> function =
        parts.delay().isPresent() || vocabulary.isValue(plain)
            ? Optional.empty()
            : KnownFunctions.canonical(plain);
    if (function.isPresent()) {
      String name = function.get();
      Symbol symbol = new Symbol(name, name.equals("sigmoid") ? "σ" : name);
      return new Ast.Name(symbol, Optional.empty(), parts.span());
    }
    checkClash(plain, parts);
    return new Ast.Name(new Symbol(plain, parts.display()), parts.delay(), parts.span());
  }

  private void checkClash(String plain, NameParts parts) {
    Known first =
        known.computeIfAbsent(plain, p -> new Known(parts.key(), parts.display(), parts.span()));
    if (!first.key.equals(parts.key()) && clashes.add(plain)) {
      boolean sameDisplay = first.display.equals(parts.display());
      problems.error(
          "two names with one spelling",
          parts.span(),
          "`%s` and `%s` are different names, but both are spelled `%s` in Java and in weight files."
              .formatted(
                  sameDisplay ? first.key : first.display,
                  sameDisplay ? parts.key() : parts.display(),
                  plain),
          "Rename one of them.");
    }
  }

  /// A word of letters and digits as one piece.
  Piece word(Token token) {
    String text = token.getText();
    Optional<Letters.Greek> greek = Letters.greek(text);
    if (greek.isPresent()) {
      return Piece.of(greek.get());
    }
    List<Piece> pieces = new ArrayList<>();
    for (Letters.Cluster cluster : Letters.clusters(text)) {
      pieces.add(cluster(cluster, token));
    }
    return Piece.join(pieces);
  }

  private Piece cluster(Letters.Cluster cluster, Token token) {
    Optional<Letters.Greek> greek = Letters.greek(cluster.base());
    if (greek.isEmpty() && !Letters.isLatin(cluster.base())) {
      int letter = cluster.base().codePointAt(0);
      problems.error(
          "unexpected letter",
          Characters.span(token),
          "Names have Latin and Greek letters; `%s` is %s (U+%04X)."
              .formatted(cluster.base(), Character.getName(letter), letter),
          "");
      return Piece.WRONG;
    }
    Piece piece = greek.map(Piece::of).orElseGet(() -> Piece.of(cluster.base()));
    if (!cluster.alphabet().isEmpty()) {
      piece = piece.styled(cluster.alphabet());
    }
    for (String mark : cluster.accents()) {
      Optional<String> accent = Letters.accent(mark);
      if (accent.isEmpty()) {
        problems.error(
            "unknown accent",
            Characters.span(token),
            "The mark U+%04X over `%s` has no name.".formatted(mark.codePointAt(0), cluster.base()),
            "Known are tilde, hat, bar, dot, ddot, vec, check, breve, acute, grave.");
        return piece;
      }
      piece = piece.accented(accent.get());
    }
    return cluster.digits().isEmpty()
        ? piece
        : new Piece(
            piece.plain() + cluster.digits(),
            piece.display() + cluster.digits(),
            piece.key() + cluster.digits());
  }

  /// `\alpha`, `\tanh`.
  Piece command(Token token) {
    String name = token.getText().substring(1);
    Optional<Letters.Greek> greek = Letters.greek(name);
    if (greek.isPresent()) {
      return Piece.of(greek.get());
    }
    if (KnownFunctions.canonical(name).isPresent()) {
      return Piece.of(name);
    }
    List<String> all = new ArrayList<>(Letters.greekNames());
    all.addAll(KnownFunctions.NAMES);
    all.addAll(
        List.of("frac", "sqrt", "odot", "circ", "cdot", "mathbf", "mathrm", "left", "right"));
    problems.error(
        "unknown LaTeX command",
        Characters.span(token),
        "`%s` has no meaning in an equation.".formatted(token.getText()),
        UnknownSigns.help(name)
            .or(() -> Nearest.to(name, all).map(n -> "Did you mean \\" + n + "?"))
            .orElse(""));
    return Piece.WRONG;
  }

  /// A label of a script: `hf`, `\text{in}`, `\tilde{c}`, `1`, `*`.
  Piece label(List<? extends Token> tokens, Span span) {
    List<Piece> pieces = new ArrayList<>();
    List<Token> commands = new ArrayList<>();
    for (Token token : tokens) {
      boolean isSign = Set.of(DOT, PLUS, MINUS).contains(token.getType());
      if (isSign && tokens.size() > 1) {
        notALabel(text(tokens), span);
        return Piece.WRONG;
      }
      switch (token.getType()) {
        case ACCENT, FONT -> commands.add(token);
        case LBRACE, RBRACE, SUB -> {}
        case WORD -> pieces.add(styled(word(token), commands));
        case COMMAND -> pieces.add(styled(command(token), commands));
        case NUMBER -> pieces.add(number(token));
        case DOT -> pieces.add(new Piece("star", "*", "*"));
        case PLUS -> pieces.add(new Piece("plus", "+", "+"));
        case MINUS -> pieces.add(new Piece("minus", "−", "−"));
        case PRIME -> pieces.add(new Piece("prime", "′", "′"));
        default -> {
          notALabel(token.getText(), span);
          return Piece.WRONG;
        }
      }
    }
    if (pieces.isEmpty()) {
      notALabel("nothing", span);
      return Piece.WRONG;
    }
    return Piece.join(pieces);
  }

  private Piece number(Token token) {
    if (token.getText().equals("∞") || token.getText().equals("\\infty")) {
      return new Piece("infinity", "∞", "∞");
    }
    if (!token.getText().chars().allMatch(c -> c >= '0' && c <= '9')) {
      notALabel(token.getText(), Characters.span(token));
      return Piece.WRONG;
    }
    return Piece.of(token.getText());
  }

  private void notALabel(String found, Span span) {
    String index = vocabulary.index();
    boolean isDelay = found.startsWith(index + "-") || found.startsWith(index + "+");
    problems.error(
        "not a label",
        span,
        "A script is a time (`%s`, `%s-1`) or a label of letters and digits; found `%s`."
            .formatted(index, index, found),
        isDelay
            ? "A delay is a whole number."
            : found.matches("[a-z] ?[-+] ?\\d+")
                ? "Steps are counted by %s here; `index %s` would change that."
                    .formatted(index, found.substring(0, 1))
                : "");
  }

  private static String text(List<? extends Token> tokens) {
    return tokens.stream().map(Token::getText).collect(Collectors.joining());
  }

  private Piece styled(Piece piece, List<Token> commands) {
    Piece result = piece;
    for (Token command : commands.reversed()) {
      result = styled(result, command);
    }
    commands.clear();
    return result;
  }

  /// With an accent, or in an alphabet that makes another name; bold and roman change nothing.
  Piece styled(Piece piece, Token command) {
    String name = command.getText().substring(1);
    if (command.getType() == ACCENT) {
      return piece.accented(Letters.accent(name).orElseThrow());
    }
    return switch (name) {
      case "mathcal", "mathscr" -> piece.styled("cal");
      case "mathbb" -> piece.styled("bb");
      case "mathfrak" -> piece.styled("frak");
      default -> piece;
    };
  }
}
