/// Third-party results that were recorded in files, and how ours compare.
package dev.sluice.samples.recorded;
