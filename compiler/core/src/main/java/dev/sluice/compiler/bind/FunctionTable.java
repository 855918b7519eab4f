package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Symbol;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The functions that every cell knows. The one place where a function's name is added; its
/// meaning is an operation of [dev.sluice.compiler.ir.Expr].
final class FunctionTable {
  /// The slides' names for "some squashing function": tanh unless bound.
  private static final Set<String> SLIDE_TANH = Set.of("f_tilde", "f_h");

  private static final Map<String, Function> KNOWN = known();

  private FunctionTable() {}

  private static Map<String, Function> known() {
    Map<String, Function> table = new LinkedHashMap<>();
    one(table, UnaryOp.SIGMOID, "sigmoid", "sigma", "sigm", "logistic");
    one(table, UnaryOp.TANH, "tanh");
    one(table, UnaryOp.RELU, "relu", "ReLU");
    one(table, UnaryOp.EXP, "exp");
    one(table, UnaryOp.LOG, "log", "ln");
    one(table, UnaryOp.SOFTPLUS, "softplus");
    one(table, UnaryOp.SQRT, "sqrt");
    one(table, UnaryOp.ABS, "abs");
    one(table, UnaryOp.SIGN, "sign", "sgn");
    table.put("max", new Function.OfTwo(BinaryOp.MAX));
    table.put("min", new Function.OfTwo(BinaryOp.MIN));
    later(table, "sin", "cos", "clip", "hard_sigmoid", "hard_tanh", "elu", "leaky_relu", "gelu");
    later(table, "silu", "softsign", "softmax", "cumsum", "cumax", "layernorm", "sum", "mean");
    later(table, "norm", "where", "cases", "dropout", "zoneout", "mod");
    return Collections.unmodifiableMap(table);
  }

  private static void one(Map<String, Function> table, UnaryOp op, String... names) {
    Arrays.stream(names).forEach(name -> table.put(name, new Function.OfOne(op)));
  }

  private static void later(Map<String, Function> table, String... names) {
    Arrays.stream(names).forEach(name -> table.put(name, new Function.Later(name)));
  }

  static Optional<Function> find(Symbol symbol) {
    return Optional.ofNullable(KNOWN.get(symbol.plain()));
  }

  static boolean isSlideTanh(Symbol symbol) {
    return SLIDE_TANH.contains(symbol.plain());
  }

  /// Names to suggest for a misspelt one.
  static List<String> names() {
    return KNOWN.entrySet().stream()
        .filter(e -> !(e.getValue() instanceof Function.Later))
        .map(Map.Entry::getKey)
        .toList();
  }

  /// Every name, also those that come later.
  static List<String> allNames() {
    return List.copyOf(KNOWN.keySet());
  }
}
