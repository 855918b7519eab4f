package dev.sluice.compiler.ast;

import static dev.sluice.grammar.SluiceLexer.*;

import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.Token;

/// One factor of a term: a name, a number or a bracket, with its scripts.
///
/// @param from where it begins
/// @param scripts where its scripts begin
/// @param to where it ends
record ComponentFactor(int from, int scripts, int to) {

  /// The factors of a term outside its brackets; a function and its argument are two.
  ///
  /// @param index the letter of time
  static List<ComponentFactor> of(List<? extends Token> term, String index) {
    List<ComponentFactor> factors = new ArrayList<>();
    for (int i = 0; i < term.size(); ) {
      if (!Kinds.startsFactor(Scan.type(term, i))) {
        i++;
        continue;
      }
      int scripts = i;
      if (Scan.type(term, i) == FRAC) {
        scripts = Scan.afterArgument(term, Scan.afterArgument(term, i + 1));
      } else {
        int type = Scan.type(term, i);
        scripts = Scan.afterArgument(term, type == SQRT ? i + 1 : i);
      }
      int to = Math.max(Scan.afterScripts(term, scripts), i + 1);
      if (Scan.isTimeGroup(term, to, index)) {
        to = Scan.afterScripts(term, Scan.afterArgument(term, to));
      }
      factors.add(new ComponentFactor(i, scripts, to));
      i = to;
    }
    return factors;
  }
}
