/// Generated layers against handwritten ones: the same weights, the same sequences, in one JVM.
package dev.sluice.samples.bench;
