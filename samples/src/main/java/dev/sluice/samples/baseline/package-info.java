/// LSTM and GRU written by hand, forward and backward: what generated cells are measured against,
/// and a second opinion on their values. In plain loops, and with the Vector API.
package dev.sluice.samples.baseline;
