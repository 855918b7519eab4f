/// Whether two cells compute the same function: normal forms, a matching of names, random trials.
package dev.sluice.compiler.same;
