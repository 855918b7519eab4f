package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Symbol;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Where an expression is resolved: at the top of an equation, or in the body of a function of the
/// user's that is being put in.
///
/// @param arguments what the function's parameters stand for; made anew at each use, so that the
///     size of what is put in can be counted
/// @param site the outermost call, which stands for the whole body in messages
/// @param calls the functions whose bodies are open
record Env(
    Map<Symbol, Supplier<Term>> arguments, Optional<Ast.Expression> site, List<Symbol> calls) {
  static final Env TOP = new Env(Map.of(), Optional.empty(), List.of());

  Ast.Expression at(Ast.Expression e) {
    return site.orElse(e);
  }
}
