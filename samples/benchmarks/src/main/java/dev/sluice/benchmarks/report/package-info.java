/// Turns measured figures into a table and a picture.
@org.jspecify.annotations.NullMarked
package dev.sluice.benchmarks.report;
