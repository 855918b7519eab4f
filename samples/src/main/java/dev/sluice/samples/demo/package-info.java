/// The demo: from the slide to a trained character language model.
package dev.sluice.samples.demo;
