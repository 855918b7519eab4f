package dev.sluice.compiler.ir;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// A name of the source in one of its [Spelling]s: `c̃_{t-1}`, `\tilde{c}_{t-1}`, `c_tilde_{t-1}`.
final class SpelledName {
  private static final Map<String, String> GREEK = Alphabet.inverse(Alphabet.GREEK);
  private static final Map<String, String> ACCENTS = Alphabet.inverse(Alphabet.ACCENTS);
  private static final Pattern SIMPLE = Pattern.compile("[A-Za-z0-9]+");
  private static final Pattern MIXED = Pattern.compile("[^A-Za-z0-9][0-9]");
  private static final Pattern SEVERAL = Pattern.compile("[Α-ωℓ][A-Za-zΑ-ωℓ]|[A-Za-z0-9][Α-ωℓ]");
  private static final Pattern WORD = Pattern.compile("[A-Za-z]{2,}[0-9]*");

  private final Spelling spelling;
  private final String index;
  private final Optional<Set<String>> whole;

  /// @param index the letter of time
  /// @param whole plain names that stay whole without being told so: the file defines or declares
  ///     them; empty if nobody reads the text again
  SpelledName(Spelling spelling, String index, Optional<Set<String>> whole) {
    this.spelling = spelling;
    this.index = index;
    this.whole = whole;
  }

  /// Whether scripts can follow: `h_t`, but not `h′`, whose LaTeX would have two superscripts.
  boolean takesSuperscript(Symbol symbol) {
    return spelling != Spelling.LATEX
        || symbol.display().indexOf('^') < 0 && symbol.display().indexOf('′') < 0;
  }

  String of(Symbol symbol, Optional<Integer> delay) {
    return spelling == Spelling.ASCII ? ascii(symbol, delay) : written(symbol, delay);
  }

  private String ascii(Symbol symbol, Optional<Integer> delay) {
    List<String> parts = List.of(symbol.plain().split("_"));
    boolean isTimeStep = symbol.display().matches("Δ[a-z]([′_^].*)?") && parts.size() > 1;
    // `Delta_t` would be Δ at step t.
    String base = isTimeStep ? "\\Delta " + parts.get(1) : base(symbol, parts.getFirst());
    List<String> labels = new ArrayList<>(parts.subList(isTimeStep ? 2 : 1, parts.size()));
    StringBuilder text = new StringBuilder(base);
    while (!labels.isEmpty()
        && (Alphabet.ACCENTS.containsKey(labels.getFirst()) || labels.getFirst().equals("prime"))) {
      text.append('_').append(labels.removeFirst());
    }
    return text + subscript(labels, delay);
  }

  private String written(Symbol symbol, Optional<Integer> delay) {
    String display = symbol.display();
    int end = 0;
    while (end < display.length() && "′_^".indexOf(display.charAt(end)) < 0) {
      end++;
    }
    int primes = end;
    while (primes < display.length() && display.charAt(primes) == '′') {
      primes++;
    }
    String scripts = display.substring(primes);
    int above = scripts.indexOf('^');
    String below = above < 0 ? scripts : scripts.substring(0, above);
    List<String> labels = below.isEmpty() ? List.of() : List.of(below.substring(1).split(","));
    StringBuilder text = new StringBuilder(base(symbol, display.substring(0, end)));
    text.repeat(spelling == Spelling.LATEX ? "'" : "′", primes - end);
    String subscript = subscript(labels, delay);
    String superscript = above < 0 ? "" : superscript(scripts.substring(above + 1));
    return text.append(labels.isEmpty() ? superscript + subscript : subscript + superscript)
        .toString();
  }

  private String superscript(String labels) {
    String text = String.join(",", labels(List.of(labels.split(","))));
    return text.codePointCount(0, text.length()) == 1 && Character.isLetter(text.codePointAt(0))
        ? "^" + text
        : "^{" + text + "}";
  }

  private String subscript(List<String> labels, Optional<Integer> delay) {
    List<String> parts = new ArrayList<>(labels(labels));
    delay.ifPresent(d -> parts.add(index + (d == 0 ? "" : d > 0 ? "-" + d : "+" + -d)));
    if (parts.isEmpty()) {
      return "";
    }
    boolean bare = parts.size() == 1 && isBare(parts.getFirst());
    return bare ? "_" + parts.getFirst() : "_{" + String.join(",", parts) + "}";
  }

  /// In LaTeX, braces are needed around more than one character.
  private boolean isBare(String label) {
    return spelling == Spelling.LATEX
        ? label.length() == 1
        : label.codePoints().allMatch(Character::isLetterOrDigit);
  }

  private List<String> labels(List<String> labels) {
    return labels.stream()
        .map(l -> spelling == Spelling.LATEX ? latex(l, "\\mathrm", 3) : l)
        .toList();
  }

  private String base(Symbol symbol, String text) {
    if (spelling == Spelling.LATEX) {
      // Commands side by side are a product, while the letters `γx` are one name.
      return SEVERAL.matcher(text).find() ? text : latex(text, "\\mathrm", 2);
    }
    boolean splits =
        WORD.matcher(text).matches() && whole.isPresent() && !whole.get().contains(symbol.plain());
    return splits && !Alphabet.GREEK.containsKey(text) ? "\\mathrm{" + text + "}" : text;
  }

  /// A piece of a name, letter by letter; words from `longWord` letters on are set upright.
  private static String latex(String piece, String upright, int longWord) {
    if (SIMPLE.matcher(piece).matches()) {
      boolean isWord = WORD.matcher(piece).matches() && piece.length() >= longWord;
      return isWord ? upright + "{" + piece + "}" : piece;
    }
    if (MIXED.matcher(piece).find()) {
      return piece; // no command ends before a digit: `\\alpha 2` is a product
    }
    List<String> letters = new ArrayList<>();
    piece
        .codePoints()
        .mapToObj(Character::toString)
        .forEach(
            c -> {
              String accent = ACCENTS.get(c);
              letters.add(
                  accent == null
                      ? letter(c)
                      : "\\" + accent + "{" + letters.removeLast().strip() + "}");
            });
    return String.join("", letters).strip();
  }

  private static String letter(String c) {
    String greek = GREEK.get(c);
    if (greek != null) {
      return "\\" + greek + " ";
    }
    String plain = Normalizer.normalize(c, Normalizer.Form.NFKD);
    boolean styled = !plain.equals(c) && SIMPLE.matcher(plain).matches();
    return styled ? "\\" + alphabet(c) + "{" + plain + "}" : c.equals("−") ? "-" : c;
  }

  /// Bold script, double-struck, and bold Fraktur are what [Symbol#display] has.
  private static String alphabet(String c) {
    int code = c.codePointAt(0);
    return code < 0x1D4D0 || code >= 0x1D538 && code < 0x1D56C
        ? "mathbb"
        : code < 0x1D538 ? "mathcal" : "mathfrak";
  }
}
