package dev.sluice.compiler.ast;

import java.util.List;

/// A part of a name: its base, or one label.
///
/// @param plain ASCII: `c_tilde`
/// @param display Unicode: `c̃`
/// @param key tells apart what is another name although it may be spelled alike: `φ` and `ϕ`
record Piece(String plain, String display, String key) {
  /// Stands in for a piece that was reported as wrong.
  static final Piece WRONG = new Piece("x", "x", "x");

  static Piece of(String plain) {
    return new Piece(plain, plain, plain);
  }

  static Piece of(Letters.Greek greek) {
    return new Piece(
        greek.plain(), greek.display(), (greek.isVariant() ? "var" : "") + greek.display());
  }

  Piece accented(String accent) {
    String mark = Letters.combining(accent);
    return new Piece(plain + "_" + accent, display + mark, key + mark);
  }

  /// In the calligraphic (`cal`), double-struck (`bb`) or Fraktur (`frak`) alphabet.
  Piece styled(String alphabet) {
    String letter = Letters.styled(display, alphabet);
    return new Piece(plain + "_" + alphabet, letter, letter);
  }

  /// Written side by side: `hf`; with an underscore in the plain name where letters alone would
  /// run into a word: `c_tilde`, `alpha_h`.
  static Piece join(List<Piece> pieces) {
    Piece joined = pieces.getFirst();
    for (Piece next : pieces.subList(1, pieces.size())) {
      boolean words = joined.plain.equals(joined.display) && next.plain.equals(next.display);
      joined =
          new Piece(
              joined.plain + (words ? "" : "_") + next.plain,
              joined.display + next.display,
              joined.key + next.key);
    }
    return joined;
  }
}
