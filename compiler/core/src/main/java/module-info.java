/// Cell equations to specialised Java.
module dev.sluice.compiler {
  requires transitive dev.sluice.runtime;
  requires dev.sluice.grammar;
  requires static org.jspecify;
  requires java.compiler;
  requires org.antlr.antlr4.runtime;
  requires com.palantir.javapoet;

  exports dev.sluice.compiler;
  exports dev.sluice.compiler.ir;
  exports dev.sluice.compiler.report;
  exports dev.sluice.compiler.same;
}
