package dev.sluice.compiler.ir;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// Greek letters and accents by plain name, which is their LaTeX name too.
public final class Alphabet {
  /// `σ` by `sigma`, `Γ` by `Gamma`.
  public static final SequencedMap<String, String> GREEK = greek();

  /// The combining character by `tilde`.
  public static final Map<String, String> ACCENTS =
      Map.ofEntries(
          Map.entry("tilde", "\u0303"),
          Map.entry("hat", "\u0302"),
          Map.entry("bar", "\u0304"),
          Map.entry("dot", "\u0307"),
          Map.entry("ddot", "\u0308"),
          Map.entry("vec", "\u20D7"),
          Map.entry("check", "\u030C"),
          Map.entry("breve", "\u0306"),
          Map.entry("acute", "\u0301"),
          Map.entry("grave", "\u0300"),
          Map.entry("underline", "\u0332"));

  private Alphabet() {}

  /// The other way round: plain name by character.
  public static Map<String, String> inverse(Map<String, String> map) {
    Map<String, String> inverse = new LinkedHashMap<>();
    map.forEach((key, value) -> inverse.put(value, key));
    return Collections.unmodifiableMap(inverse);
  }

  private static SequencedMap<String, String> greek() {
    SequencedMap<String, String> map = new LinkedHashMap<>();
    String[] names =
        ("alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho"
                + " sigma tau upsilon phi chi psi omega")
            .split(" ");
    String small = "αβγδεζηθικλμνξοπρστυφχψω";
    String capital = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ";
    for (int i = 0; i < names.length; i++) {
      map.put(names[i], small.substring(i, i + 1));
      String name = Character.toUpperCase(names[i].charAt(0)) + names[i].substring(1);
      map.put(name, capital.substring(i, i + 1));
    }
    map.put("ell", "ℓ");
    return Collections.unmodifiableSequencedMap(map);
  }
}
