package dev.sluice.compiler.ast;

import dev.sluice.compiler.ir.Alphabet;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Greek letters and accents in their three spellings: character, LaTeX command, plain word.
final class Letters {
  private static final Map<String, String> GREEK = Alphabet.GREEK;

  private static final Map<String, String> PLAIN = Alphabet.inverse(GREEK);

  /// The second form of a letter, by LaTeX name and by character: the same plain name, another
  /// letter.
  private static final Map<String, String> VARIANTS =
      Map.ofEntries(
          Map.entry("varepsilon", "epsilon"),
          Map.entry("vartheta", "theta"),
          Map.entry("varkappa", "kappa"),
          Map.entry("varpi", "pi"),
          Map.entry("varrho", "rho"),
          Map.entry("varsigma", "sigma"),
          Map.entry("varphi", "phi"),
          Map.entry("ϵ", "epsilon"),
          Map.entry("ϑ", "theta"),
          Map.entry("ϰ", "kappa"),
          Map.entry("ϖ", "pi"),
          Map.entry("ϱ", "rho"),
          Map.entry("ς", "sigma"),
          Map.entry("ϕ", "phi"));

  private static final Map<String, String> ACCENTS = Alphabet.ACCENTS;

  private static final Map<String, String> ACCENT_NAMES = Alphabet.inverse(ACCENTS);

  /// Other spellings of an accent.
  private static final Map<String, String> ACCENT_ALIASES =
      Map.of("widetilde", "tilde", "widehat", "hat", "overline", "bar", "\u0305", "bar");

  private Letters() {}

  /// A Greek letter.
  ///
  /// @param plain `sigma`
  /// @param display `σ`
  /// @param isVariant whether it is the second form: `\varsigma`
  record Greek(String plain, String display, boolean isVariant) {}

  /// @param spelling a character, or a name without backslash
  static Optional<Greek> greek(String spelling) {
    String character = GREEK.get(spelling);
    if (character != null) {
      return Optional.of(new Greek(spelling, character, false));
    }
    String plain = PLAIN.get(spelling);
    if (plain != null) {
      return Optional.of(new Greek(plain, spelling, false));
    }
    return Optional.ofNullable(VARIANTS.get(spelling))
        .map(p -> new Greek(p, GREEK.getOrDefault(p, p), true));
  }

  /// The accent's plain name: `tilde` for `widetilde` or a combining tilde.
  static Optional<String> accent(String spelling) {
    String name =
        ACCENT_ALIASES.getOrDefault(spelling, ACCENT_NAMES.getOrDefault(spelling, spelling));
    return ACCENTS.containsKey(name) ? Optional.of(name) : Optional.empty();
  }

  static String combining(String accent) {
    return ACCENTS.getOrDefault(accent, "");
  }

  static Set<String> greekNames() {
    return GREEK.keySet();
  }

  /// A letter with its marks and digits: `c̃`, `x2`.
  ///
  /// @param base the letter, accents taken off
  /// @param accents their characters
  /// @param alphabet `cal`, `frak` or `bb` for a letter of that mathematical alphabet, else empty
  /// @param digits that follow
  /// @param length in UTF-16 units, as written
  record Cluster(String base, String alphabet, List<String> accents, String digits, int length) {}

  /// The letters of a run, in canonical decomposition; mathematical alphabets become plain letters.
  static List<Cluster> clusters(String run) {
    List<Cluster> clusters = new ArrayList<>();
    int i = 0;
    while (i < run.length()) {
      int start = i;
      i = run.offsetByCodePoints(i, 1);
      while (i < run.length() && !Character.isLetter(run.codePointAt(i))) {
        i = run.offsetByCodePoints(i, 1);
      }
      clusters.add(cluster(run.substring(start, i)));
    }
    return clusters;
  }

  private static Cluster cluster(String text) {
    int first = text.codePointAt(0);
    String decomposed =
        Normalizer.normalize(text.substring(Character.charCount(first)), Normalizer.Form.NFD);
    // ϵ and its like have compatibility forms that would hide which letter it was.
    String letter = Character.toString(first);
    String whole =
        Normalizer.normalize(
            letter, VARIANTS.containsKey(letter) ? Normalizer.Form.NFD : Normalizer.Form.NFKD);
    String base = whole.substring(0, whole.offsetByCodePoints(0, 1));
    StringBuilder digits = new StringBuilder();
    List<String> accents = new ArrayList<>();
    (whole.substring(base.length()) + decomposed)
        .codePoints()
        .forEach(
            c -> {
              if (Character.isDigit(c)) {
                digits.appendCodePoint(c);
              } else {
                accents.add(Character.toString(c));
              }
            });
    return new Cluster(
        base, alphabet(first), List.copyOf(accents), digits.toString(), text.length());
  }

  /// Blocks "Mathematical Alphanumeric Symbols" and, for its holes, "Letterlike Symbols".
  private static String alphabet(int c) {
    if (c >= 0x1D49C && c <= 0x1D503 || "ℬℰℱℋℐℒℳℛℯℊℴ".indexOf(c) >= 0) {
      return "cal";
    }
    if (c >= 0x1D504 && c <= 0x1D537 || c >= 0x1D56C && c <= 0x1D59F || "ℭℌℑℜℨ".indexOf(c) >= 0) {
      return "frak";
    }
    return c >= 0x1D538 && c <= 0x1D56B || "ℂℍℕℙℚℝℤ".indexOf(c) >= 0 ? "bb" : "";
  }

  /// A Latin capital or small letter in a mathematical alphabet; any other text as it is.
  static String styled(String letter, String alphabet) {
    if (!isLatin(letter)) {
      return letter;
    }
    char c = letter.charAt(0);
    int hole = "CHNPQRZ".indexOf(c);
    if (alphabet.equals("bb") && hole >= 0) {
      return "ℂℍℕℙℚℝℤ".substring(hole, hole + 1);
    }
    // Bold script and bold Fraktur have no holes.
    int block = alphabet.equals("bb") ? 0x1D538 : alphabet.equals("cal") ? 0x1D4D0 : 0x1D56C;
    return Character.toString(block + (c <= 'Z' ? c - 'A' : c - 'a' + 26));
  }

  static boolean isLatin(String letter) {
    return letter.length() == 1
        && (letter.charAt(0) | 0x20) >= 'a'
        && (letter.charAt(0) | 0x20) <= 'z';
  }
}
