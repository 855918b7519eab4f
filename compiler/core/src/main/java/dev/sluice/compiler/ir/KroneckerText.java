package dev.sluice.compiler.ir;

import dev.sluice.compiler.ir.Jacobian.Factor;
import dev.sluice.compiler.ir.Kronecker.Piece;
import dev.sluice.compiler.ir.Kronecker.Side;
import java.util.ArrayList;
import java.util.List;

/// A [Kronecker] product as people write it.
final class KroneckerText {
  private KroneckerText() {}

  static String of(Kronecker path) {
    List<String> words = new ArrayList<>();
    double size = Math.abs(path.coefficient());
    if (size != 1) {
      words.add(Notation.plainNumber(size));
    }
    path.scalars().forEach(s -> words.add(Jacobian.bracketed(Notation.expression(s))));
    List<String> products = new ArrayList<>();
    List<Piece> pieces = path.pieces();
    for (int i = 0; i < pieces.size(); i++) {
      Piece next =
          i + 1 < pieces.size() ? pieces.get(i + 1) : new Piece.Pair(Kronecker.ONE, Kronecker.ONE);
      switch (pieces.get(i)) {
        case Piece.Elements(List<Expr> product) -> {
          boolean column = next instanceof Piece.Pair pair && pair.isOfOnes();
          products.add((column ? "vec(" : "diag(") + elements(product) + ")");
          i += column ? 1 : 0;
        }
        case Piece.Pair pair when pair.isTotal() && next instanceof Piece.Elements(var product) -> {
          products.add("vec(" + elements(product) + ")ᵀ");
          i++;
        }
        case Piece.Pair(Side left, Side right) -> {
          String l = text(left, words);
          String r = text(right, words);
          if (l.equals("I") && r.equals("I")) {
            products.add("I");
          } else if (!l.isEmpty() || !r.isEmpty()) {
            products.add(l.isEmpty() ? r : r.isEmpty() ? l : factor(l) + " ⊗ " + factor(r));
          }
        }
      }
    }
    boolean alone = products.size() == 1 && words.isEmpty();
    products.forEach(p -> words.add(alone || !p.contains("⊗") ? p : "(" + p + ")"));
    return words.isEmpty() ? "1" : String.join(" ", words);
  }

  private static String elements(List<Expr> product) {
    return Notation.expression(Jacobian.product(product));
  }

  /// Several matrices next to each other, in brackets.
  private static String factor(String product) {
    int depth = 0;
    for (char c : product.toCharArray()) {
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ' ' && depth == 0) {
        return "(" + product + ")";
      }
    }
    return product;
  }

  /// @param numbers gets inner products, which are numbers
  private static String text(Side side, List<String> numbers) {
    List<String> words = new ArrayList<>();
    List<Factor> factors = side.factors();
    for (int i = 0; i < factors.size(); i++) {
      List<Expr> product = new ArrayList<>();
      boolean row = factors.get(i) instanceof Factor.Row;
      if (factors.get(i) instanceof Factor.Row(List<Expr> own, Dim _)) {
        product.addAll(own);
        i++;
      }
      while (i < factors.size() && factors.get(i) instanceof Factor.Diagonal(List<Expr> own)) {
        product.addAll(own);
        i++;
      }
      boolean column = i < factors.size() && factors.get(i) instanceof Factor.Ones;
      if (row && column) {
        numbers.add(inner(product));
      } else if (row || column) {
        words.add(product.isEmpty() ? "𝟙" : Jacobian.bracketed(elements(product)));
        words.add(words.removeLast() + (row ? "ᵀ" : ""));
        i -= row ? 1 : 0;
      } else if (!product.isEmpty()) {
        words.add("diag(" + elements(product) + ")");
        i--;
      } else {
        words.add(Jacobian.text(factors.get(i)));
      }
    }
    boolean isNumber = side.outOne() && side.inOne();
    return words.isEmpty() ? isNumber ? "" : "I" : String.join(" ", words);
  }

  /// `(k_tᵀ q_t)`
  private static String inner(List<Expr> product) {
    if (product.size() < 2) {
      return "(𝟙ᵀ " + (product.isEmpty() ? "𝟙" : Jacobian.bracketed(elements(product))) + ")";
    }
    String first = Jacobian.bracketed(Notation.expression(product.getFirst()));
    String rest = Jacobian.bracketed(elements(product.subList(1, product.size())));
    return "(" + first + "ᵀ " + rest + ")";
  }
}
