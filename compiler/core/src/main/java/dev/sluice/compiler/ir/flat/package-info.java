/// The flat form of equations, which the canonical cell and its adjoint share: how a tree becomes
/// single operations on named values, the names of the pieces, and the rules that tidy what is
/// left.
package dev.sluice.compiler.ir.flat;
