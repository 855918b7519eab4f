/// Runs compiled cells: off-heap buffers, product kernels, unrolling over time, networks, training.
/// Nothing outside the JDK.
module dev.sluice.runtime {
  requires static jdk.incubator.vector;
  requires static org.jspecify;

  exports dev.sluice.runtime;
  exports dev.sluice.runtime.io;
  exports dev.sluice.runtime.spi;
}
