/// The zoo: every cell of the literature compiled, checked, and compared with recorded results.
package dev.sluice.samples.zoo;
