package dev.sluice.compiler.ast;

/// How much text is a cell. Generous for people (the largest cell of the literature has some 40
/// equations), small enough that a hostile file is answered within two seconds and no stage after
/// this one overflows its stack.
///
/// @param characters of a file, in UTF-16 units
/// @param statements of a file
/// @param tokens of one statement
/// @param nesting of brackets, accents and fractions
/// @param name characters of one name
/// @param delay largest k in `x_{t-k}`
/// @param problems after which a file is given up
record Limits(
    int characters, int statements, int tokens, int nesting, int name, int delay, int problems) {
  static final Limits DEFAULT = new Limits(1 << 20, 5_000, 2_000, 100, 100, 1_000, 100);
}
