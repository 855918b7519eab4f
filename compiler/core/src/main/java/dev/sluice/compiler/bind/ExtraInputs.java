package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Symbol;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Remarks inputs beside the usual one that no `input` declares. An equation that was forgotten
/// makes its name such an input: legal, and rarely meant.
final class ExtraInputs {
  private static final List<Symbol> USUAL = List.of(Symbol.of("x"), Symbol.of("u"));

  private ExtraInputs() {}

  /// @param remarked inputs that have a note of their own
  static void remark(Scope scope, Roles roles, Set<Symbol> remarked, Findings findings) {
    List<Symbol> inputs = roles.inputs;
    if (inputs.size() < 2 || !scope.declared.inputs.isEmpty()) {
      return;
    }
    List<Symbol> usual = USUAL.stream().filter(inputs::contains).limit(1).toList();
    List<Symbol> extra =
        inputs.stream().filter(s -> !usual.contains(s) && !remarked.contains(s)).toList();
    Ast.Name at = extra.isEmpty() ? null : scope.firstUse.get(extra.getFirst());
    if (at == null) {
      return;
    }
    boolean one = extra.size() == 1;
    findings.note(
        "%s %s".formatted(joined(extra, Symbol::display), one ? "is an input" : "are inputs"),
        at,
        "%s %s: %s%s. If that is meant, write `input %s`; else give %s."
            .formatted(
                joined(extra, s -> scope.written(s, 0)),
                one ? "has no equation" : "have no equations",
                one ? "it is an input" : "they are inputs",
                usual.isEmpty() ? "" : " beside " + scope.written(usual.getFirst(), 0),
                inputs.stream().map(Symbol::display).collect(Collectors.joining(", ")),
                one ? "its equation" : "their equations"));
  }

  /// `a, b and c`
  private static String joined(List<Symbol> symbols, Function<Symbol, String> text) {
    List<String> all = symbols.stream().map(text).toList();
    return all.size() == 1
        ? all.getFirst()
        : String.join(", ", all.subList(0, all.size() - 1)) + " and " + all.getLast();
  }
}
