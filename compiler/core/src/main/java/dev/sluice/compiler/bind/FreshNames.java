package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Symbol;
import java.util.HashSet;
import java.util.Set;

/// Names for values that the user did not name.
final class FreshNames {
  private final Set<String> used = new HashSet<>();

  FreshNames(Scope scope) {
    scope.firstUse.keySet().forEach(s -> used.add(s.plain()));
    scope.declared.declaredNames().forEach(s -> used.add(s.plain()));
  }

  /// The name itself, or with a number where the cell has it.
  Symbol name(String wanted) {
    String name = wanted;
    for (int i = 2; !used.add(name); i++) {
      name = wanted + i;
    }
    return Symbol.of(name);
  }
}
