/// Characters to parse tree.
module dev.sluice.grammar {
  requires transitive org.antlr.antlr4.runtime;

  exports dev.sluice.grammar;
}
