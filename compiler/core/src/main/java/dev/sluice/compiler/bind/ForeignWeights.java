package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Symbol;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// Remarks a weight that one gate seems to have from another: in `f_t = σ(W_f x_t + b_i)`, beside
/// `i_t = σ(W_i x_t + b_i)` and with no `b_f` anywhere. Legal, and rarely meant.
final class ForeignWeights {
  private final List<Definition> definitions;
  private final Roles roles;
  private final Findings findings;

  private ForeignWeights(List<Definition> definitions, Roles roles, Findings findings) {
    this.definitions = definitions;
    this.roles = roles;
    this.findings = findings;
  }

  static void remark(List<Definition> definitions, Roles roles, Findings findings) {
    ForeignWeights weights = new ForeignWeights(definitions, roles, findings);
    definitions.stream().filter(d -> !d.stacked()).forEach(weights::remark);
  }

  private void remark(Definition definition) {
    SequencedMap<Symbol, Term> used = parameters(definition);
    Optional<Symbol> own = used.keySet().stream().filter(p -> belongs(p, definition)).findFirst();
    if (own.isEmpty()) {
      return;
    }
    used.forEach(
        (parameter, place) -> {
          if (belongs(parameter, definition)) {
            return;
          }
          String base = before(parameter.display());
          Symbol expected = Symbol.of(before(parameter.plain()) + after(own.get().plain()));
          owner(parameter)
              .filter(_ -> !roles.parameters.contains(expected))
              .ifPresent(
                  other ->
                      findings.note(
                          "%s in two gates".formatted(parameter.display()),
                          place.at(),
                          "%s reads %s, as %s does, and there is no %s. Did you mean %4$s?"
                              .formatted(
                                  definition.symbol().display(),
                                  parameter.display(),
                                  other.symbol().display(),
                                  base + after(own.get().display()))));
        });
  }

  /// The gate that the parameter is named after, if it reads the parameter.
  private Optional<Definition> owner(Symbol parameter) {
    return definitions.stream()
        .filter(d -> !d.stacked() && belongs(parameter, d))
        .filter(d -> parameters(d).containsKey(parameter))
        .findFirst();
  }

  /// Whether `W_f` is named after `f`, or `W_c` after `c̃`.
  private static boolean belongs(Symbol parameter, Definition definition) {
    String label = after(parameter.plain());
    String gate = "_" + definition.symbol().plain();
    return !label.isEmpty() && (label.equals(gate) || (label + "_tilde").equals(gate));
  }

  private static String before(String name) {
    int at = name.indexOf('_');
    return at < 0 ? name : name.substring(0, at);
  }

  /// `_f` of `W_f`.
  private static String after(String name) {
    int at = name.indexOf('_');
    return at < 0 ? "" : name.substring(at);
  }

  /// With the first place of each.
  private static SequencedMap<Symbol, Term> parameters(Definition definition) {
    SequencedMap<Symbol, Term> found = new LinkedHashMap<>();
    Roles.walk(
        definition.value(),
        term -> {
          if (term instanceof Term.Parameter p) {
            found.putIfAbsent(p.symbol(), term);
          }
        });
    return found;
  }
}
