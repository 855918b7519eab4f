/// Adjoint to schedule: what is hoisted over time, which products share a panel, what is saved or
/// recomputed, where every value lives.
package dev.sluice.compiler.fuse;
