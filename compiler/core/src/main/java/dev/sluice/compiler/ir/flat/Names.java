package dev.sluice.compiler.ir.flat;

import dev.sluice.compiler.ir.Adjoint;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Symbol;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Gives out plain spellings that nothing in the cell has yet. What people read may be shared: two
/// pieces that are both displayed as `1 − u_t` have that value.
public final class Names {
  private final Set<String> plain = new HashSet<>();
  private final Map<String, Integer> lastNumber = new HashMap<>();
  private final Map<String, Integer> parts = new HashMap<>();

  /// Starts with every name of the cell taken.
  ///
  /// @see Adjoint for the names that a backward pass adds
  public static Names of(Cell cell) {
    Names names = new Names();
    cell.inputs().forEach(input -> names.take(input.symbol()));
    cell.masks().forEach(mask -> names.take(mask.symbol()));
    cell.states().forEach(state -> names.take(state.symbol()));
    cell.coefficients().forEach(coefficient -> names.take(coefficient.symbol()));
    cell.equations().forEach(equation -> names.take(equation.target()));
    return names;
  }

  /// Marks a name as taken.
  public void take(Symbol symbol) {
    plain.add(symbol.plain());
  }

  /// The name itself if it is free, else with the first free number: `r_h`, `r_h_2`.
  ///
  /// @param plainName letters, digits and `_`, starting with a letter
  /// @param display for people
  public Symbol fresh(String plainName, String display) {
    String wanted = plainName;
    int number = lastNumber.getOrDefault(plainName, 1);
    while (!plain.add(wanted)) {
      number++;
      wanted = plainName + "_" + number;
    }
    lastNumber.put(plainName, number);
    return new Symbol(wanted, display);
  }

  /// What people read for a piece of an equation that is too long for them: `h_part`, `h_part2`.
  String part(String target) {
    int number = parts.merge(target, 1, Integer::sum);
    return target + "_part" + (number == 1 ? "" : number);
  }
}
