package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Origin;
import dev.sluice.compiler.ir.Symbol;

/// `symbol = value`: an equation, an entry of a column, or the stacked value of a column.
///
/// @param at the name on the left side, or the stacked expression
/// @param stacked whether it is the stacked value, a name that the user does not know
record Definition(Symbol symbol, Term value, Ast.Expression at, Origin origin, boolean stacked) {}
