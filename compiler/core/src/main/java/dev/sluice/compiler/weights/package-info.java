/// Cell → cell: what depends on parameters alone leaves the steps, to be computed once per update.
package dev.sluice.compiler.weights;
