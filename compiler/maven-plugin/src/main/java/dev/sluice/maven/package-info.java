/// Generates cells in a Maven build: goal `generate`.
package dev.sluice.maven;
