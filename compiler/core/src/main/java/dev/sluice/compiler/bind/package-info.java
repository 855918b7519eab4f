/// Syntax tree to [dev.sluice.compiler.ir.Cell]: names, roles, time, products, shapes by
/// unification, order.
///
/// [Bind] is the entry and shows the steps: [Limits], [Declarations], [Functions], [Resolver]
/// (names and calls), [Roles], [Ranks] (number, vector or matrix), [Typing] with [Lengths]
/// (unification), [Order], [Lowering].
package dev.sluice.compiler.bind;
