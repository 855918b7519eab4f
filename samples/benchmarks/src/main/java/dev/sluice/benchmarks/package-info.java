/// JMH benchmarks: generated layers against handwritten ones and, with the Maven profile `peers`,
/// against other frameworks in the same process.
@org.jspecify.annotations.NullMarked
package dev.sluice.benchmarks;
