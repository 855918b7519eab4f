/// The types that the stages exchange, their printed form, and the double-precision interpreter
/// that is the meaning of the language.
package dev.sluice.compiler.ir;
