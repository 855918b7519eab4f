package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Symbol;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// Labels that look like a step: `h_{t_1}`, where `h_{t-1}` is meant; `h_0 = 1`, which is not how a
/// state gets its start.
final class StepLabels {
  private StepLabels() {}

  /// Remarks parameters named like a value with a step of another spelling.
  static void remark(List<Definition> definitions, Scope scope, Findings findings) {
    for (Definition d : definitions) {
      Roles.walk(
          d.value(),
          term -> {
            if (term instanceof Term.Parameter p) {
              earlier(p.symbol(), scope)
                  .ifPresent(
                      meant ->
                          findings.note(
                              "%s is a parameter".formatted(p.symbol().display()),
                              p.at(),
                              "%s is a label here, not a step, so this is trained like a weight. Did you mean %s?"
                                  .formatted(label(p.symbol()), meant)));
            }
          });
    }
  }

  /// `h_{t-1}` of a parameter `h_{t_1}` where h is defined.
  static Optional<String> earlier(Symbol parameter, Scope scope) {
    String index = scope.declared.indexLetter();
    String label = label(parameter);
    if (!label.matches("\\Q" + index + "\\E_?[0-9]{1,2}")) {
      return Optional.empty();
    }
    int steps = Integer.parseInt(label.replaceAll(".*[^0-9]", ""));
    return base(parameter, scope.defined.keySet()).map(s -> scope.written(s, steps));
  }

  /// h of `h_0` where h is a state.
  static Optional<String> start(Symbol symbol, Roles roles) {
    return label(symbol).equals("0")
        ? base(symbol, roles.states).map(Symbol::display)
        : Optional.empty();
  }

  /// What to write for `h_0 = 1`.
  static String howToStart(Definition d, Roles roles) {
    OptionalDouble value = Statics.value(d.value());
    return start(d.symbol(), roles)
        .map(
            state ->
                value.isPresent() && value.getAsDouble() == 0
                    ? " %s starts at 0 by itself.".formatted(state)
                    : " %s starts at 0; to start it elsewhere write `state %1$s = %s`."
                        .formatted(state, value.isPresent() ? d.value().text() : "…"))
        .orElse("");
  }

  private static Optional<Symbol> base(Symbol symbol, Collection<Symbol> among) {
    String plain = symbol.plain();
    String base = plain.substring(0, plain.length() - label(symbol).length() - 1);
    return among.stream().filter(s -> s.plain().equals(base)).findFirst();
  }

  /// `t1` of `h_t1`.
  private static String label(Symbol symbol) {
    String plain = symbol.plain();
    int at = plain.lastIndexOf('_');
    return at < 0 ? "" : plain.substring(at + 1);
  }
}
