package dev.sluice.compiler.generate;

import com.palantir.javapoet.NameAllocator;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Symbol;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/// Java names of one generated class: types first, then the user's symbols, so that they read as in
/// the equations, then the code's own.
final class Names {
  private final NameAllocator allocator = new NameAllocator();
  private final Map<String, String> allocated = new HashMap<>();

  /// A variable of such a name would hide the type, or what is imported statically.
  private static final List<String> TYPES =
      List.of(
          "JAVA_FLOAT",
          "SPECIES",
          "ORDER",
          "Buffer",
          "CellCode",
          "CellProgram",
          "Code",
          "Code_",
          "Float",
          "FloatVector",
          "Frame",
          "Functions",
          "IllegalArgumentException",
          "Integer",
          "LaneTotals",
          "Lanes",
          "LinkedHashMap",
          "List",
          "Map",
          "Math",
          "MemorySegment",
          "Mode",
          "Optional",
          "Override",
          "Panels",
          "Precise",
          "Products",
          "Recurrent",
          "Rows",
          "RunningSums",
          "ScalarCode",
          "ScalarCode_",
          "ScalarFunctions",
          "ScalarPrecise",
          "ScalarWeightCode",
          "ScalarWeightCode_",
          "SequencedMap",
          "Sizes",
          "String",
          "ValueLayout",
          "VectorCode",
          "VectorCode_",
          "VectorWeightCode",
          "VectorWeightCode_",
          "VectorMask",
          "VectorOperators",
          "Vectors",
          "WeightCode",
          "WeightCode_");

  Names(Iterable<Symbol> symbols) {
    TYPES.forEach(allocator::newName);
    TreeSet<Symbol> sorted = new TreeSet<>();
    symbols.forEach(sorted::add);
    sorted.forEach(s -> get("symbol " + s, s.plain()));
  }

  /// The one name of a key; `wish` is what it is if nobody has it yet.
  String get(String key, String wish) {
    return allocated.computeIfAbsent(key, _ -> allocator.newName(wish));
  }

  /// A word of the generated code's own: `row`, `step`.
  String word(String wish) {
    return get("word " + wish, wish);
  }

  /// The register that holds a symbol's value of this step.
  String local(Symbol symbol) {
    return get("symbol " + symbol, symbol.plain());
  }

  /// The register that holds a value: `c`, `c_prev`, `d_c_next`.
  String local(Expr.Value value) {
    Symbol symbol = value.symbol();
    return value.delay() == 0
        ? local(symbol)
        : get(
            "symbol " + symbol + " " + value.delay(),
            value.delay() > 0
                ? symbol.plain() + "_prev"
                : symbol.plain().replaceFirst("_prev$", "") + "_next");
  }

  /// Where a buffer's rows start.
  String address(Expr.Value value) {
    String register = local(value);
    return get("address " + value.symbol() + " " + value.delay(), register + "_at");
  }

  String bufferConstant(int index, String name) {
    return get("buffer " + index, name.toUpperCase(Locale.ROOT));
  }
}
