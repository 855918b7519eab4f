package dev.sluice.compiler.ir;

import java.util.Objects;
import java.util.regex.Pattern;

/// A name of the mathematics.
///
/// @param plain the spelling for Java, files and messages: `c_tilde`, `W_f`, `h_prime`,
///     `d_c_tilde`. Two different names of one cell never share it.
/// @param display the spelling for people, normalised Unicode without time: `c̃`, `W_f`, `h′`,
///     `∂L/∂c̃`
public record Symbol(String plain, String display) implements Comparable<Symbol> {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");

  public Symbol {
    Objects.requireNonNull(display);
    if (!PLAIN.matcher(plain).matches()) {
      throw new IllegalArgumentException("not a plain name: " + plain);
    }
  }

  public static Symbol of(String plain) {
    return new Symbol(plain, plain);
  }

  @Override
  public int compareTo(Symbol other) {
    return plain.compareTo(other.plain);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Symbol symbol && plain.equals(symbol.plain);
  }

  @Override
  public int hashCode() {
    return plain.hashCode();
  }

  @Override
  public String toString() {
    return plain;
  }
}
