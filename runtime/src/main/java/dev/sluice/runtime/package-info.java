/// What users call: weights, layers, networks, sessions, training.
package dev.sluice.runtime;
