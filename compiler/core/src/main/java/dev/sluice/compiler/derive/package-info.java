/// Cell → [dev.sluice.compiler.ir.Adjoint]: reverse mode at compile time, one table of derivatives.
package dev.sluice.compiler.derive;
