/// Runnable applications.
package dev.sluice.samples;
