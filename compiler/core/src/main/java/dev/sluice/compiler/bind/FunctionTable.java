package dev.sluice.compiler.bind;

import dev.sluice.compiler.bind.Term.WholeOp;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Symbol;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

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
    one(table, UnaryOp.SIN, "sin");
    one(table, UnaryOp.COS, "cos");
    one(table, UnaryOp.ERF, "erf");
    one(table, UnaryOp.FLOOR, "floor");
    for (WholeOp op : List.of(WholeOp.SUM, WholeOp.MEAN, WholeOp.NORM, WholeOp.SOFTMAX)) {
      whole(table, op);
    }
    whole(table, WholeOp.CUMSUM);
    whole(table, WholeOp.CUMAX);
    table.putAll(new TreeMap<>(Formulas.TABLE));
    for (Modifiers modifier : Modifiers.values()) {
      table.put(modifier.name().toLowerCase(Locale.ROOT), new Function.Modifier(modifier));
    }
    return Collections.unmodifiableMap(table);
  }

  private static void one(Map<String, Function> table, UnaryOp op, String... names) {
    Arrays.stream(names).forEach(name -> table.put(name, new Function.OfOne(op)));
  }

  private static void whole(Map<String, Function> table, WholeOp op) {
    table.put(op.name().toLowerCase(Locale.ROOT), new Function.OfWhole(op));
  }

  static Optional<Function> find(Symbol symbol) {
    return Optional.ofNullable(KNOWN.get(symbol.plain()));
  }

  static boolean isSlideTanh(Symbol symbol) {
    return SLIDE_TANH.contains(symbol.plain());
  }

  /// All names.
  static List<String> names() {
    return List.copyOf(KNOWN.keySet());
  }
}
