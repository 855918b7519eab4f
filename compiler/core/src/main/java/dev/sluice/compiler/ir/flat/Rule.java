package dev.sluice.compiler.ir.flat;

import dev.sluice.compiler.ir.Expr;

/// One rewrite of one node. The Javadoc of each rule says the rewrite and when it is not an
/// identity.
@FunctionalInterface
public interface Rule {
  /// The node in its better form, or the same instance when the rule does not apply.
  ///
  /// @param e a node whose operands every rule has seen already
  Expr apply(Expr e);
}
