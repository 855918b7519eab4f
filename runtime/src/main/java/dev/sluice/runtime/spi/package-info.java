/// The contract between generated cells and the runtime. Users don't call it; generated code does.
package dev.sluice.runtime.spi;
