package dev.sluice.compiler.ast;

import static dev.sluice.grammar.SluiceLexer.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;

/// Equations of components as equations of vectors: `\sum_j W_{ij} x_j` is `W x`, `∑_j W_{ji} x_j`
/// is `Wᵀ x`, `\sum_j a_j b_j` is `sum(a b)`, and what stands for one component elsewhere,
/// `f_i^{(t)}`
/// or `\left[ W x_t \right]_j`, for all of them. Which letters count components is found by
/// [ComponentLetters]; sums over numbers, `\sum_{k=1}^{3}`, are written out by [Sums].
final class Components {
  private final ComponentLetters letters;
  private final Problems problems;
  private int depth;

  private Components(ComponentLetters letters, Problems problems) {
    this.letters = letters;
    this.problems = problems;
  }

  /// @param constants hyperparameters of the file
  static List<Layout.Statement> read(
      List<Layout.Statement> statements, TimeIndex index, Indices constants, Problems problems) {
    List<Layout.Statement> lowered = statements.stream().map(SmallScripts::ofSums).toList();
    ComponentLetters letters = ComponentLetters.of(lowered, index, constants);
    Components components = new Components(letters, problems);
    List<Layout.Statement> result = new ArrayList<>();
    for (Layout.Statement s : lowered) {
      boolean plain = s.kind() == Layout.Kind.PLAIN && !s.isBroken();
      result.add(plain ? new Layout.Statement(components.of(s.tokens()), false, s.kind()) : s);
    }
    result.addAll(ComponentShapes.declared(lowered, letters));
    return result;
  }

  private List<CommonToken> of(List<CommonToken> in) {
    List<CommonToken> out = new ArrayList<>();
    for (int i = 0; i < in.size(); ) {
      Optional<ComponentSum> sum = ComponentSum.at(in, i);
      if (sum.isPresent() && letters.isSummed(sum.get())) {
        if (endsOperand(out)) { // of components, elementwise
          out.add(PairedSigns.at(DOT, "·", in.get(i)));
        }
        out.addAll(nested(in, sum.get()));
        i = sum.get().to();
      } else if (isUnknownSum(in, i)) {
        unknown(in, i);
        i = Scan.afterScript(in, i + 1);
      } else if (Scan.isScript(in, i) && i > 0) {
        int end = Scan.afterScript(in, i);
        List<CommonToken> kept = letters.without(in.subList(i, end));
        if (kept.size() == end - i) {
          out.add(in.get(i));
          i++;
        } else {
          out.addAll(kept);
          i = end;
        }
      } else {
        out.add(in.get(i));
        i++;
      }
    }
    return out;
  }

  private List<CommonToken> nested(List<CommonToken> in, ComponentSum sum) {
    if (Repetition.isTooDeep(depth, Characters.span(in.get(sum.sign())), problems)) {
      return List.of();
    }
    depth++;
    List<CommonToken> result = sum(in, sum);
    depth--;
    return result;
  }

  private static boolean isUnknownSum(List<? extends Token> in, int i) {
    String text = in.get(i).getText();
    return (text.equals("\\sum") || text.equals("∑"))
        && Scan.type(in, i + 1) == SUB
        && !Sums.isSum(in, i);
  }

  private void unknown(List<CommonToken> in, int i) {
    problems.error(
        "a sum over an unknown index",
        Characters.span(in.get(i)).to(Characters.span(in.get(Scan.afterScript(in, i + 1) - 1))),
        "Nothing in its term has this index as a component, as x has j in ∑_j W_{ij} x_j.",
        "A sum over numbers has both bounds: ∑_{k=1}^{3}. A sum over all entries is sum(x_t).");
  }

  private List<CommonToken> sum(List<CommonToken> in, ComponentSum sum) {
    List<CommonToken> body = in.subList(sum.from(), sum.to());
    Token sign = in.get(sum.sign());
    List<ComponentFactor> factors = ComponentFactor.of(body, letters.index());
    List<ComponentFactor> matrices =
        factors.stream().filter(f -> letters.isMatrix(body, f, sum.letter())).toList();
    if (letters.isMixed(body, sum.letter())) {
      problems.error(
          "a letter with two readings",
          Characters.span(sign).to(Characters.span(body.getLast())),
          "∑ runs over %s; the letter beside it is a name elsewhere in the file, so it may be a label or count components."
              .formatted(sum.letter()),
          "Count components by another letter.");
      return new ArrayList<>(body);
    }
    if (matrices.isEmpty()) {
      List<CommonToken> call = new ArrayList<>();
      call.add(PairedSigns.at(WORD, "sum", sign));
      call.addAll(bracketed(of(body), sign));
      return call;
    }
    ComponentFactor matrix = matrices.getFirst();
    List<CommonToken> rest = rest(body, matrix);
    if (matrices.size() > 1 || !letters.isBorne(rest, sum.letter())) {
      problems.error(
          "a sum over components that is no product",
          Characters.span(sign).to(Characters.span(body.getLast())),
          "A sum over components has one matrix and what it multiplies: ∑_j W_{ij} x_j.",
          "Give a part of it a name of its own, or write it with vectors: W x_t.");
      return new ArrayList<>(body);
    }
    List<CommonToken> product = new ArrayList<>(of(body.subList(matrix.from(), matrix.to())));
    if (letters.columnFirst(body, matrix, sum.letter())) {
      product.add(PairedSigns.at(SUP, "^", sign));
      product.add(PairedSigns.at(TOP, "⊤", sign));
    }
    boolean alone = factors.size() == 2 && !Kinds.OPENERS.contains(Scan.type(rest, 0));
    if (alone) {
      product.addAll(of(rest));
    } else {
      product.add(PairedSigns.at(MATRIX_PRODUCT, "@", sign));
      product.addAll(bracketed(of(rest), sign));
    }
    return bracketed(product, sign);
  }

  private static boolean endsOperand(List<? extends Token> out) {
    return !out.isEmpty() && Layout.endsOperand(out.getLast());
  }

  /// The other factors, without the sign that stood before or behind the matrix.
  private static List<CommonToken> rest(List<CommonToken> body, ComponentFactor matrix) {
    List<CommonToken> before = body.subList(0, matrix.from());
    List<CommonToken> after = body.subList(matrix.to(), body.size());
    if (isSign(after, 0)) {
      after = after.subList(1, after.size());
    } else if (after.isEmpty() && isSign(before, before.size() - 1)) {
      before = before.subList(0, before.size() - 1);
    }
    List<CommonToken> rest = new ArrayList<>(before);
    rest.addAll(after);
    return rest;
  }

  private static boolean isSign(List<? extends Token> tokens, int i) {
    return Set.of(DOT, ELEMENTWISE, MATRIX_PRODUCT).contains(Scan.type(tokens, i));
  }

  private static List<CommonToken> bracketed(List<CommonToken> tokens, Token sign) {
    List<CommonToken> all = new ArrayList<>();
    all.add(PairedSigns.at(LPAREN, "(", sign));
    all.addAll(tokens);
    all.add(PairedSigns.at(RPAREN, ")", sign));
    return all;
  }
}
